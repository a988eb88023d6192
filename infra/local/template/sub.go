package template

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// sub gives the text of a Fn::Sub, which is a text alone or a list of a text and the values of names in it.
func (l *loader) sub(argument *yaml.Node, owner string) string {
	own := map[string]string{}
	if argument.Kind == yaml.SequenceNode && len(argument.Content) == 2 {
		for _, e := range l.entries(argument.Content[1], owner+": the second part of !Sub") {
			own[e.key] = l.resolve(e.value, owner).Value
		}
		argument = argument.Content[0]
	}
	if argument.Kind != yaml.ScalarNode {
		l.refuse(argument.Line, "%s: !Sub takes a text, or a list of a text and a mapping: write one of them", owner)
		return ""
	}
	var out strings.Builder
	rest := argument.Value
	for {
		before, after, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			l.refuse(argument.Line, "%s: !Sub has ${ without }: close it", owner)
			return ""
		}
		out.WriteString(l.subName(name, own, argument.Line, owner))
		rest = tail
	}
}

func (l *loader) subName(name string, own map[string]string, line int, owner string) string {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literal + "}"
	}
	if value, ok := own[name]; ok {
		return value
	}
	value, ok := l.reference(name, owner)
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		value, ok = l.attribute(id, attribute, owner)
	}
	if !ok {
		l.refuse(line, "%s: ${%s}: nothing has that name: declare it, or correct the name", owner, name)
	}
	return value
}

// dynamic replaces dynamic references, which CloudFormation reads from another service when it deploys.
func (l *loader) dynamic(value string, line int, owner string) string {
	before, after, found := strings.Cut(value, "{{resolve:")
	if !found {
		return value
	}
	key, tail, _ := strings.Cut(after, "}}")
	service, arn, _ := strings.Cut(key, ":")
	if service != "secretsmanager" && !l.foreign {
		l.refuse(line, "%s: {{resolve:%s}}: only secretsmanager is understood: keep the value there", owner, key)
		return ""
	}
	for _, r := range l.resources {
		mayBeSecret := r.typeName == secretType || r.properties == nil
		if local, ok := l.local(r, "Ref"); ok && mayBeSecret && local == arn {
			return before + l.options.Secret(r.id) + l.dynamic(tail, line, owner)
		}
	}
	if l.foreign {
		l.note(line, "%s: {{resolve:%s}} is left empty: nothing here holds it", owner, key)
		return before + l.dynamic(tail, line, owner)
	}
	l.refuse(line, "%s: {{resolve:%s}}: no secret of this template: write !Sub {{resolve:secretsmanager:${Secret}}} with its name", owner, key)
	return ""
}
