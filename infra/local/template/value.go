package template

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// noValue marks what `!Ref AWS::NoValue` leaves: the property, or the entry of a list, is not there.
const noValue = "!novalue"

// resolve gives the node with every intrinsic function in it replaced by its value. Owner is the resource or output that holds it.
func (l *loader) resolve(n *yaml.Node, owner string) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		l.refuse(n.Line, "%s: alias *%s: CloudFormation has no aliases: write the value out", owner, n.Value)
		return text("", n.Line)
	}
	if name, argument := intrinsic(n); name != "" {
		return l.call(name, argument, owner)
	}
	resolved := *n
	resolved.Content = slices.Clone(n.Content)
	for i, child := range n.Content {
		if n.Kind == yaml.SequenceNode || i%2 == 1 {
			resolved.Content[i] = l.resolve(child, owner)
		}
	}
	dropNoValue(&resolved)
	if n.Kind == yaml.ScalarNode {
		resolved.Value = l.dynamic(n.Value, n.Line, owner)
	}
	return &resolved
}

// dropNoValue takes out of a mapping or list what is not there.
func dropNoValue(n *yaml.Node) {
	gone := func(value *yaml.Node) bool { return value.Tag == noValue }
	switch {
	case n.Kind == yaml.SequenceNode:
		n.Content = slices.DeleteFunc(n.Content, gone)
	case n.Kind == yaml.MappingNode && slices.ContainsFunc(n.Content, gone):
		var kept []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !gone(n.Content[i+1]) {
				kept = append(kept, n.Content[i], n.Content[i+1])
			}
		}
		n.Content = kept
	}
}

// intrinsic gives the function and the argument of a node such as `!Sub x` or `Fn::Sub: x`, and "" for any other node.
func intrinsic(n *yaml.Node) (name string, argument *yaml.Node) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		untagged := *n
		untagged.Tag = ""
		return n.Tag[1:], &untagged
	}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		return "", nil
	}
	key := n.Content[0].Value
	if key == "Ref" {
		return key, n.Content[1]
	}
	if name, ok := strings.CutPrefix(key, "Fn::"); ok {
		return name, n.Content[1]
	}
	return "", nil
}

func (l *loader) call(name string, argument *yaml.Node, owner string) *yaml.Node {
	if l.foreign {
		if value, ok := l.callForeign(name, argument, owner); ok {
			return value
		}
	}
	switch name {
	case "Ref":
		if argument.Value == "AWS::NoValue" {
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: noValue, Line: argument.Line}
		}
		if value, ok := l.reference(argument.Value, owner); ok {
			return l.typed(argument.Value, value, argument.Line)
		}
		l.refuse(argument.Line, "%s: !Ref %s: nothing has that name: declare it, or correct the name", owner, argument.Value)
	case "GetAtt":
		return text(l.getAtt(argument, owner), argument.Line)
	case "Sub":
		return text(l.dynamic(l.sub(argument, owner), argument.Line, owner), argument.Line)
	case "Join":
		return text(l.dynamic(l.join(argument, owner), argument.Line, owner), argument.Line)
	case "If":
		return l.choose(argument, owner)
	case "Select":
		return text(l.pick(argument, owner), argument.Line)
	default:
		l.refuse(argument.Line, "%s: function %s is not understood: use Ref, Sub, GetAtt, Join, If or Select, or teach it to infra/local/template", owner, name)
	}
	return text("", argument.Line)
}

// reference gives what Ref gives: a parameter's value, a pseudo parameter or a resource's name or id.
func (l *loader) reference(name, owner string) (string, bool) {
	if p, ok := l.parameters[name]; ok {
		return p.value, true
	}
	if value, ok := l.options.pseudo()[name]; ok {
		return value, true
	}
	return l.attribute(name, "Ref", owner)
}

// attribute gives an attribute of a resource, and notes that the owner needs the resource.
func (l *loader) attribute(id, attribute, owner string) (string, bool) {
	for _, r := range l.resources {
		if r.id == id {
			if r.absent && l.present(owner) {
				return "", false
			}
			l.edges[owner] = append(l.edges[owner], id)
			return l.local(r, attribute)
		}
	}
	if l.foreign {
		return l.generated(id)
	}
	return "", false
}

// present says whether an owner is there; outputs and conditions are.
func (l *loader) present(owner string) bool {
	return !slices.ContainsFunc(l.resources, func(r *resource) bool { return r.id == owner && r.absent })
}

func (l *loader) getAtt(argument *yaml.Node, owner string) string {
	id, name, _ := strings.Cut(argument.Value, ".")
	if argument.Kind == yaml.SequenceNode && len(argument.Content) == 2 {
		id, name = argument.Content[0].Value, argument.Content[1].Value
	}
	value, ok := l.attribute(id, name, owner)
	if !ok {
		l.refuse(argument.Line, "%s: !GetAtt %s.%s: no resource has that: declare it, or correct the name", owner, id, name)
	}
	return value
}

func (l *loader) join(argument *yaml.Node, owner string) string {
	if isList(argument, 2) {
		if parts, ok := l.partsOf(argument.Content[1], owner); ok {
			return strings.Join(parts, argument.Content[0].Value)
		}
	}
	l.refuse(argument.Line, "%s: !Join takes a separator and a list: write !Join [separator, [part, part]]", owner)
	return ""
}

// partsOf gives the values of a list, or the parts of a text that is taken apart.
func (l *loader) partsOf(n *yaml.Node, owner string) (parts []string, ok bool) {
	if parts, ok := l.split(n, owner); ok || n.Kind != yaml.SequenceNode {
		return parts, ok
	}
	for _, part := range n.Content {
		parts = append(parts, l.resolve(part, owner).Value)
	}
	return parts, true
}

func text(value string, line int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: line}
}

// typed gives a Ref's value as a number where it is of a parameter of type Number, and as a text otherwise.
func (l *loader) typed(name, value string, line int) *yaml.Node {
	n := text(value, line)
	if l.foreign && isListType(l.parameters[name].Type) {
		return textList(strings.Split(value, ","), line)
	}
	if l.parameters[name].Type == "Number" {
		n.Tag = ""
	}
	return n
}
