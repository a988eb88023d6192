package template

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// condition is one of the section Conditions. It is worked out when something asks for it.
type condition struct {
	node  *yaml.Node
	holds bool
	state int // of working it out
}

const (
	notAsked = iota
	asking
	known
)

// readConditions works out every condition, whether or not something asks for it.
func (l *loader) readConditions(section entry) {
	l.conditions = map[string]*condition{}
	entries := l.entries(section.value, "Conditions")
	for _, e := range entries {
		l.conditions[e.key] = &condition{node: e.value}
	}
	for _, e := range entries {
		l.holds(e.key, e.line, "condition "+e.key)
	}
}

// holds says whether a condition is met here.
func (l *loader) holds(name string, line int, owner string) bool {
	c, ok := l.conditions[name]
	switch {
	case !ok:
		l.refuse(line, "%s: there is no condition %s: declare it under Conditions, or correct the name", owner, name)
		return false
	case c.state == asking:
		l.refuse(line, "%s: condition %s needs itself: break the circle", owner, name)
	case c.state == notAsked:
		c.state = asking
		c.holds = l.isTrue(c.node, owner)
		c.state = known
	}
	return c.holds
}

func (l *loader) isTrue(n *yaml.Node, owner string) bool {
	name, argument := intrinsic(n)
	if name == "" && n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == "Condition" {
		name, argument = "Condition", n.Content[1]
	}
	switch {
	case name == "Condition":
		return l.holds(argument.Value, argument.Line, owner)
	case name == "Equals" && isList(argument, 2):
		return l.resolve(argument.Content[0], owner).Value == l.resolve(argument.Content[1], owner).Value
	case name == "Not" && isList(argument, 1):
		return !l.isTrue(argument.Content[0], owner)
	case (name == "And" || name == "Or") && argument.Kind == yaml.SequenceNode:
		met := 0
		for _, part := range argument.Content {
			if l.isTrue(part, owner) {
				met++
			}
		}
		return met == len(argument.Content) || name == "Or" && met > 0
	}
	l.refuse(n.Line, "%s: this is no condition: write !Equals [a, b], !Not [condition], !And, !Or or !Condition name", owner)
	return false
}

// choose gives the branch of a Fn::If that is taken; the other one is not looked at.
func (l *loader) choose(argument *yaml.Node, owner string) *yaml.Node {
	if !isList(argument, 3) {
		l.refuse(argument.Line, "%s: !If takes a condition and two values: write !If [condition, value, other]", owner)
		return text("", argument.Line)
	}
	if l.holds(argument.Content[0].Value, argument.Line, owner) {
		return l.resolve(argument.Content[1], owner)
	}
	return l.resolve(argument.Content[2], owner)
}

// pick gives one part of a text: of Fn::Select only the form with Fn::Split is understood.
func (l *loader) pick(argument *yaml.Node, owner string) string {
	if isList(argument, 2) {
		index, err := strconv.Atoi(argument.Content[0].Value)
		parts, ok := l.split(argument.Content[1], owner)
		if err == nil && ok && index >= 0 && index < len(parts) {
			return parts[index]
		}
	}
	l.refuse(argument.Line, "%s: !Select is understood as !Select [number, !Split [separator, text]] only, of a part that is there", owner)
	return ""
}

// split gives the parts of a text that Fn::Split takes apart; of anything else it gives false.
func (l *loader) split(n *yaml.Node, owner string) (parts []string, ok bool) {
	name, argument := intrinsic(n)
	if name != "Split" || !isList(argument, 2) {
		return nil, false
	}
	return strings.Split(l.resolve(argument.Content[1], owner).Value, argument.Content[0].Value), true
}

func isList(n *yaml.Node, length int) bool {
	return n.Kind == yaml.SequenceNode && len(n.Content) == length
}

// leaveOut takes out the resources whose conditions are not met, after they were read like the others.
func (l *loader) leaveOut() {
	l.resources = slices.DeleteFunc(l.resources, func(r *resource) bool { return r.absent })
}
