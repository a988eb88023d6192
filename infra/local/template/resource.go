package template

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// resource is a resource of the template. Properties points to the struct of its type in shapes.go.
type resource struct {
	id            string
	line          int
	typeName      string
	kind          kind
	node          *yaml.Node // of its properties
	properties    any
	dependsOn     list
	dependsOnLine int
	absent        bool // its condition is not met
	naming        bool // its name is being worked out
}

func (l *loader) readResources(section entry) {
	if section.value == nil {
		l.refuse(1, "section Resources is missing: add it")
		return
	}
	l.known = l.kinds()
	for _, e := range l.entries(section.value, "Resources") {
		if l.foreign && strings.HasPrefix(e.key, "Fn::") {
			l.note(e.line, "%s is left out: loops and macros are not worked out here", e.key)
			continue
		}
		l.resources = append(l.resources, l.readResource(e))
	}
	for _, r := range l.resources {
		l.readDependencies(r)
		if r.properties == nil {
			continue
		}
		if r.node == nil {
			r.node = &yaml.Node{Kind: yaml.MappingNode, Line: r.line}
		}
		l.fill(l.resolve(r.node, r.id), r.properties, r.id, r.typeName)
	}
}

// readResource reads all but the properties, whose references need every resource's name first.
func (l *loader) readResource(e entry) *resource {
	r := &resource{id: e.key, line: e.line}
	for _, part := range l.entries(e.value, e.key) {
		switch part.key {
		case "Type":
			r.typeName = part.value.Value
			r.kind = l.known[r.typeName]
			if r.kind.properties == nil && l.foreign {
				l.note(part.line, "%s: type %s has no part in a run here", e.key, r.typeName)
				continue
			}
			if r.kind.properties == nil {
				l.refuse(part.line, "%s: type %s is not understood: use %s, or teach it to infra/local/template",
					e.key, r.typeName, strings.Join(slices.Sorted(maps.Keys(l.known)), ", "))
				continue
			}
			r.properties = r.kind.properties()
		case "Properties":
			r.node = part.value
		case "DependsOn":
			r.dependsOnLine = part.line
			l.fill(part.value, &r.dependsOn, e.key, "DependsOn")
		case "Condition":
			r.absent = !l.holds(part.value.Value, part.line, e.key)
		case "DeletionPolicy", "UpdateReplacePolicy":
			if policy := part.value.Value; policy != "Delete" && policy != "Retain" && !l.foreign {
				l.refuse(part.line, "%s: %s is %q: only Delete, Retain is understood", e.key, part.key, policy)
			}
		default:
			if l.foreign {
				continue // Metadata, UpdatePolicy and the like say how to deploy
			}
			l.refuse(part.line, "%s: %s is not understood: leave it out, or teach it to infra/local/template", e.key, part.key)
		}
	}
	if r.typeName == "" {
		l.refuse(e.line, "%s: the resource has no Type: add it", e.key)
	}
	return r
}

func (l *loader) readDependencies(r *resource) {
	for _, id := range r.dependsOn {
		l.edges[r.id] = append(l.edges[r.id], id)
		if !slices.ContainsFunc(l.resources, func(other *resource) bool { return other.id == id }) {
			l.refuse(r.dependsOnLine, "%s: DependsOn names %s, which is no resource: correct the name", r.id, id)
		}
	}
}

// output is an output as the template declares it: checked, and of no use on this machine.
type output struct {
	Description string
	Condition   string
	Value       string `need:"yes"`
}

func (l *loader) readOutputs(section entry) {
	for _, e := range l.entries(section.value, "Outputs") {
		if name := l.conditionOf(e); name != "" && !l.holds(name, e.line, e.key) {
			continue // what it names is not there
		}
		l.fill(l.resolve(e.value, e.key), &output{}, e.key, "the output")
	}
}

// conditionOf is the condition of an output; "" when it has none.
func (l *loader) conditionOf(e entry) string {
	for _, part := range l.entries(e.value, e.key) {
		if part.key == "Condition" {
			return part.value.Value
		}
	}
	return ""
}

// property is the node of the first of these properties that the resource has, as it is written; nil when it has none.
func (r *resource) property(names ...string) *yaml.Node {
	for i := 0; r.node != nil && i+1 < len(r.node.Content); i += 2 {
		if slices.Contains(names, r.node.Content[i].Value) {
			return r.node.Content[i+1]
		}
	}
	return nil
}

// lineOf is the line of one of a resource's properties, or of the resource when it does not have it.
func (r *resource) lineOf(property string) int {
	for i := 0; i+1 < len(r.node.Content); i += 2 {
		if r.node.Content[i].Value == property {
			return r.node.Content[i].Line
		}
	}
	return r.line
}

// found is a resource with its properties.
type found[T any] struct {
	*resource
	props *T
}

// all gives the resources of one shape in the file's order.
func all[T any](l *loader) []found[T] {
	var some []found[T]
	for _, r := range l.resources {
		if props, ok := r.properties.(*T); ok {
			some = append(some, found[T]{r, props})
		}
	}
	return some
}

// named gives the resource of one shape for which an attribute (or "Ref") has the value.
func named[T any](l *loader, value string, attributes ...string) (found[T], bool) {
	for _, r := range all[T](l) {
		for _, attribute := range attributes {
			if local, ok := l.local(r.resource, attribute); ok && local == value {
				return r, true
			}
		}
	}
	return found[T]{}, false
}

// only gives the one resource of a shape, and refuses a template with none or more.
func only[T any](l *loader, typeName string) (found[T], bool) {
	some := all[T](l)
	switch len(some) {
	case 0:
		l.refuse(1, "there is no %s: add one", typeName)
		return found[T]{}, false
	case 1:
		return some[0], true
	default:
		l.refuse(some[1].line, "%s: a second %s: only one is understood", some[1].id, typeName)
		return found[T]{}, false
	}
}
