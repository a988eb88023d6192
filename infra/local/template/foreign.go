package template

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// LoadForeign reads somebody else's template, of CloudFormation or SAM, with one WebSocket API in it. Template.Notes says what
// of it has no part in a run here. Its errors are as Load's, and mean what a run cannot do without.
func LoadForeign(path string, options Options) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	l := &loader{path: path, options: options.orDefaults(), edges: map[string][]string{}, foreign: true}
	l.readDocument(text)
	if err := l.err(); err != nil {
		return nil, err
	}
	t := l.buildForeign()
	if err := l.err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(l.notes, func(a, b problem) int { return a.line - b.line })
	for _, n := range slices.Compact(l.notes) {
		t.Notes = append(t.Notes, n.Error())
	}
	return t, nil
}

func (l *loader) note(line int, format string, args ...any) {
	l.notes = append(l.notes, problem{l.path, line, fmt.Sprintf(format, args...)})
}

// readForeignSections keeps the mappings, and gives the resources of SAM what Globals says of their kind.
func (l *loader) readForeignSections(sections map[string]entry) {
	l.mappings = sections["Mappings"].value
	if transform := sections["Transform"]; transform.value != nil {
		for _, name := range namesIn(transform.value) {
			if name != "AWS::Serverless-2016-10-31" {
				l.note(transform.line, "transform %s is not done here", name)
			}
		}
	}
	for _, global := range l.entries(sections["Globals"].value, "Globals") {
		for _, resource := range l.entries(sections["Resources"].value, "Resources") {
			if typeName := child(resource.value, "Type"); typeName != nil && typeName.Value == "AWS::Serverless::"+global.key {
				applyGlobal(resource.value, global.value)
			}
		}
	}
}

func namesIn(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var names []string
	for _, part := range n.Content {
		if part.Kind == yaml.ScalarNode {
			names = append(names, part.Value)
		}
	}
	return names
}

func applyGlobal(resource, global *yaml.Node) {
	for i := 0; i+1 < len(resource.Content); i += 2 {
		if resource.Content[i].Value == "Properties" {
			resource.Content[i+1] = merge(global, resource.Content[i+1])
			return
		}
	}
	key := text("Properties", resource.Line)
	resource.Content = append(resource.Content, key, global)
}

// merge puts what is a resource's own over what is global, as SAM does: mappings key by key, lists one after the other, and else its own.
func merge(global, own *yaml.Node) *yaml.Node {
	globalCall, _ := intrinsic(global)
	ownCall, _ := intrinsic(own)
	if global.Kind != own.Kind || globalCall != "" || ownCall != "" {
		return own
	}
	merged := *own
	switch own.Kind {
	case yaml.SequenceNode:
		merged.Content = slices.Concat(global.Content, own.Content)
	case yaml.MappingNode:
		merged.Content = slices.Clone(own.Content)
		for i := 0; i+1 < len(global.Content); i += 2 {
			merged.Content = mergeKey(merged.Content, global.Content[i], global.Content[i+1])
		}
	}
	return &merged
}

func mergeKey(own []*yaml.Node, key, global *yaml.Node) []*yaml.Node {
	for i := 0; i+1 < len(own); i += 2 {
		if own[i].Value == key.Value {
			own[i+1] = merge(global, own[i+1])
			return own
		}
	}
	return append(own, key, global)
}

// child is the value of a key of a mapping; nil when there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// givenName is the name that a foreign template gives a resource; "" when it leaves it to CloudFormation.
func (l *loader) givenName(r *resource) string {
	named := r.property("TableName", "QueueName", "FunctionName", "StageName")
	if r.typeName == "AWS::Events::Rule" || r.typeName == "AWS::Scheduler::Schedule" {
		named = r.property("Name")
	}
	if !l.foreign || named == nil || r.naming {
		return ""
	}
	r.naming = true // a name made of itself would never end
	defer func() { r.naming = false }()
	return l.resolve(named, r.id).Value
}

// generated gives what a template may say of the resources that SAM makes of others.
func (l *loader) generated(id string) (string, bool) {
	for _, r := range l.resources {
		suffix, ok := strings.CutPrefix(id, r.id)
		if !ok || !strings.HasPrefix(r.typeName, "AWS::Serverless::") {
			continue
		}
		if stage := r.property("StageName"); stage != nil && suffix == stage.Value+"Stage" {
			return stage.Value, true
		}
		if suffix == "Role" || suffix == "Stage" {
			return id, true
		}
	}
	return "", false
}
