package template

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Load reads the template at path. The error joins one error for each problem, in the order of lines,
// each as "path:line: what: what to do". Problems of the parameters come alone, and those between resources only
// once each resource by itself is understood: else one mistake would be told many times.
func Load(path string, options Options) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	l := &loader{path: path, options: options.orDefaults(), edges: map[string][]string{}}
	l.readDocument(text)
	if err := l.err(); err != nil {
		return nil, err
	}
	t := l.build()
	l.checkDeployment(t)
	if err := l.err(); err != nil {
		return nil, err
	}
	return t, nil
}

// loader holds a template while it is read.
type loader struct {
	path       string
	options    Options
	parameters map[string]parameter
	conditions map[string]*condition
	known      map[string]kind
	resources  []*resource
	edges      map[string][]string // from a resource to those it needs first
	problems   []problem

	foreign  bool // read by LoadForeign
	mappings *yaml.Node
	notes    []problem
}

// problem is one thing that keeps a template from being used.
type problem struct {
	path string
	line int
	text string
}

func (p problem) Error() string { return fmt.Sprintf("%s:%d: %s", p.path, p.line, p.text) }

func (l *loader) refuse(line int, format string, args ...any) {
	l.problems = append(l.problems, problem{l.path, line, fmt.Sprintf(format, args...)})
}

func (l *loader) err() error {
	slices.SortStableFunc(l.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for _, p := range slices.Compact(l.problems) {
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}

func (l *loader) readDocument(text []byte) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		l.refuseSyntax(err)
		return
	}
	if len(document.Content) == 0 {
		l.refuse(1, "the file is empty: a template has at least Resources")
		return
	}
	sections := map[string]entry{}
	for _, section := range l.entries(document.Content[0], "the template") {
		switch section.key {
		case "AWSTemplateFormatVersion", "Description", "Parameters", "Conditions", "Resources", "Outputs":
			sections[section.key] = section
		default:
			if l.foreign {
				sections[section.key] = section
				continue
			}
			l.refuse(section.line, "section %s is not understood: leave it out, or teach it to infra/local/template", section.key)
		}
	}
	if !l.readParameters(sections["Parameters"]) {
		return // a wrong value would be refused again wherever it is used
	}
	if l.foreign {
		l.readForeignSections(sections)
	}
	l.readConditions(sections["Conditions"])
	l.readResources(sections["Resources"])
	if !l.foreign { // whose outputs nobody looks at here
		l.readOutputs(sections["Outputs"])
	}
	l.leaveOut()
}

func (l *loader) refuseSyntax(err error) {
	line, said := 1, err.Error()
	if _, scanErr := fmt.Sscanf(said, "yaml: line %d:", &line); scanErr == nil {
		said = strings.TrimPrefix(said, fmt.Sprintf("yaml: line %d: ", line))
	}
	l.refuse(line, "not YAML: %s: correct it", said)
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	line  int
	value *yaml.Node
}

// entries gives what a mapping holds, each key once.
func (l *loader) entries(n *yaml.Node, what string) []entry {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		l.refuse(n.Line, "%s is not a mapping: write keys with values", what)
		return nil
	}
	var found []entry
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if first, twice := seen[key.Value]; twice {
			l.refuse(key.Line, "%s has %q twice, first in line %d: remove one", what, key.Value, first)
			continue
		}
		seen[key.Value] = key.Line
		found = append(found, entry{key.Value, key.Line, n.Content[i+1]})
	}
	return found
}
