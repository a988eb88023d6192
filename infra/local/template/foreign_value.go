package template

import (
	"encoding/base64"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// callForeign works out the functions that our own template does not use, or uses in one form only. ok is false for all others.
func (l *loader) callForeign(name string, argument *yaml.Node, owner string) (value *yaml.Node, ok bool) {
	line := argument.Line
	switch name {
	case "Ref":
		return nil, false
	case "Join":
		return l.joinForeign(argument, owner), true
	case "Select":
		return l.selectForeign(argument, owner), true
	case "Split":
		if !isList(argument, 2) {
			l.refuse(line, "%s: !Split takes a separator and a text: write !Split [separator, text]", owner)
			return text("", line), true
		}
		return texts(strings.Split(l.resolve(argument.Content[1], owner).Value, argument.Content[0].Value), line), true
	case "FindInMap":
		return l.findInMap(argument, owner), true
	case "ImportValue":
		export := l.resolve(argument, owner).Value
		if given, ok := l.options.Imports[export]; ok {
			return text(given, line), true
		}
		l.note(line, "%s: !ImportValue %s is its own name here: give -import %s=value", owner, export, export)
		return text(export, line), true
	case "Base64":
		return text(base64.StdEncoding.EncodeToString([]byte(l.resolve(argument, owner).Value)), line), true
	case "GetAZs":
		return texts([]string{l.options.Region + "a", l.options.Region + "b", l.options.Region + "c"}, line), true
	case "Sub", "GetAtt", "If", "Condition":
		return nil, false
	}
	l.note(line, "%s: function %s is not worked out here: its value is empty", owner, name)
	return text("", line), true
}

func (l *loader) joinForeign(argument *yaml.Node, owner string) *yaml.Node {
	list := &yaml.Node{}
	if isList(argument, 2) {
		list = l.resolve(argument.Content[1], owner)
		if call, _ := intrinsic(argument.Content[1]); call != "" && list.Kind == yaml.ScalarNode {
			l.note(argument.Line, "%s: !Join has no list here: %s is joined as one part", owner, call)
			list = texts([]string{list.Value}, list.Line)
		}
	}
	if list.Kind != yaml.SequenceNode {
		l.refuse(argument.Line, "%s: !Join takes a separator and a list: write !Join [separator, [part, part]]", owner)
		return text("", argument.Line)
	}
	var parts []string
	for _, part := range list.Content {
		parts = append(parts, part.Value)
	}
	joined := strings.Join(parts, argument.Content[0].Value)
	return text(l.dynamic(joined, argument.Line, owner), argument.Line)
}

func (l *loader) selectForeign(argument *yaml.Node, owner string) *yaml.Node {
	if isList(argument, 2) {
		index, err := strconv.Atoi(l.resolve(argument.Content[0], owner).Value)
		parts := l.resolve(argument.Content[1], owner)
		if err == nil && parts.Kind == yaml.SequenceNode && index >= 0 && index < len(parts.Content) {
			return parts.Content[index]
		}
	}
	l.refuse(argument.Line, "%s: !Select takes a number and a list that has so many: write !Select [number, list]", owner)
	return text("", argument.Line)
}

// findInMap looks a value up in the section Mappings. Its keys may be worked out themselves.
func (l *loader) findInMap(argument *yaml.Node, owner string) *yaml.Node {
	at := l.mappings
	var path []string
	if argument.Kind == yaml.SequenceNode && len(argument.Content) >= 3 {
		for _, part := range argument.Content[:3] {
			key := l.resolve(part, owner).Value
			path = append(path, key)
			at = child(at, key)
		}
	}
	if len(path) == 3 && at != nil {
		return at
	}
	if isList(argument, 4) { // the fourth says what is so otherwise
		if otherwise := child(argument.Content[3], "DefaultValue"); otherwise != nil {
			return l.resolve(otherwise, owner)
		}
	}
	l.refuse(argument.Line, "%s: !FindInMap [%s]: Mappings has no such value: add it, or correct the keys", owner, strings.Join(path, ", "))
	return text("", argument.Line)
}

// untyped is a single value whose type is read from what it looks like, quoted or not.
func untyped(n *yaml.Node) *yaml.Node {
	plain := *n
	plain.Tag, plain.Style = "", 0
	return &plain
}

func isListType(parameterType string) bool {
	own := strings.TrimPrefix(parameterType, storedType)
	return strings.HasPrefix(own, "CommaDelimitedList") || strings.HasPrefix(own, "List<")
}

// textList is a parameter's: spaces beside its commas are none of its values' (CloudFormation, "CommaDelimitedList").
func textList(values []string, line int) *yaml.Node {
	list := texts(values, line)
	for _, value := range list.Content {
		value.Value = strings.TrimSpace(value.Value)
	}
	return list
}

func texts(values []string, line int) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: line}
	for _, value := range values {
		list.Content = append(list.Content, text(value, line))
	}
	return list
}
