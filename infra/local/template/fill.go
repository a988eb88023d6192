package template

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// list is a property that is one string or several.
type list []string

// place says whose value is being filled in, for the sentence about a problem: resource "Stage", what "DefaultRouteSettings".
type place struct {
	owner, what string
}

// fill puts a resolved node into the struct that shape points to. A struct's fields are the properties that are understood, by their
// CloudFormation names (tag `as` where that begins in lower case). Tags: `need` for what must be there,
// `only` for the texts allowed, parted by |, `range` for the whole numbers allowed, such as 1..900, `foreign` for what LoadForeign alone takes.
// LoadForeign minds none of the others, and notes properties that are not understood.
func (l *loader) fill(n *yaml.Node, shape any, owner, what string) {
	l.fillValue(n, reflect.ValueOf(shape).Elem(), "", place{owner, what})
}

func (l *loader) fillValue(n *yaml.Node, v reflect.Value, tag reflect.StructTag, at place) {
	switch {
	case l.foreign && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		return // as if it were not written
	case v.Type() == reflect.TypeFor[list]():
		l.fillList(n, v, tag, at)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		l.fillValue(n, v.Elem(), tag, at)
	case v.Kind() == reflect.Struct && l.foreign && n.Kind != yaml.MappingNode:
		return // such as Code that names a folder, which is read from the node
	case v.Kind() == reflect.Struct:
		l.fillStruct(n, v, at)
	case v.Kind() == reflect.Map:
		l.fillMap(n, v, at)
	case v.Kind() == reflect.Slice:
		l.fillSlice(n, v, tag, at)
	default:
		l.fillScalar(n, v, tag, at)
	}
}

func (l *loader) fillStruct(n *yaml.Node, v reflect.Value, at place) {
	fields := map[string]reflect.StructField{}
	var known []string
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.IsExported() && (l.foreign || field.Tag.Get("foreign") == "") {
			name := property(field)
			fields[name] = field
			known = append(known, name)
		}
	}
	var present []string
	for _, e := range l.entries(n, at.owner+": "+at.what) {
		field, ok := fields[e.key]
		if !ok && l.foreign {
			l.noteUnknown(e, v.Type(), at)
			continue
		}
		if !ok {
			l.refuse(e.line, "%s: %s has no property %s that is understood: use %s, or teach it to infra/local/template",
				at.owner, at.what, e.key, strings.Join(known, ", "))
			continue
		}
		present = append(present, e.key)
		l.fillValue(e.value, v.FieldByIndex(field.Index), field.Tag, place{at.owner, e.key})
	}
	for _, name := range known {
		if fields[name].Tag.Get("need") != "" && !l.foreign && !slices.Contains(present, name) && n.Kind == yaml.MappingNode {
			l.refuse(n.Line, "%s: %s lacks %s: add it", at.owner, at.what, name)
		}
	}
}

func property(field reflect.StructField) string {
	if name := field.Tag.Get("as"); name != "" {
		return name
	}
	return field.Name
}

func (l *loader) fillMap(n *yaml.Node, v reflect.Value, at place) {
	v.Set(reflect.MakeMap(v.Type()))
	for _, e := range l.entries(n, at.owner+": "+at.what) {
		value := reflect.New(v.Type().Elem()).Elem()
		l.fillValue(e.value, value, "", place{at.owner, e.key})
		v.SetMapIndex(reflect.ValueOf(e.key), value)
	}
}

func (l *loader) fillList(n *yaml.Node, v reflect.Value, tag reflect.StructTag, at place) {
	if n.Kind == yaml.ScalarNode {
		n = &yaml.Node{Kind: yaml.SequenceNode, Line: n.Line, Content: []*yaml.Node{n}}
	}
	l.fillSlice(n, v, tag, at)
}

func (l *loader) fillSlice(n *yaml.Node, v reflect.Value, tag reflect.StructTag, at place) {
	if n.Kind != yaml.SequenceNode {
		l.refuse(n.Line, "%s: %s is not a list: write one", at.owner, at.what)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		l.fillValue(item, v.Index(i), tag, at)
	}
}

func (l *loader) fillScalar(n *yaml.Node, v reflect.Value, tag reflect.StructTag, at place) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		l.refuse(n.Line, "%s: %s is not a single value: write one", at.owner, at.what)
		return
	}
	if l.foreign && v.Kind() != reflect.String {
		n = untyped(n) // CloudFormation takes "30" for 30
	}
	if err := n.Decode(v.Addr().Interface()); err != nil {
		l.refuse(n.Line, "%s: %s is %q: it must be %s", at.owner, at.what, n.Value, kindName(v.Kind()))
		return
	}
	if l.foreign {
		return
	}
	if only := tag.Get("only"); only != "" && !slices.Contains(strings.Split(only, "|"), n.Value) {
		l.refuse(n.Line, "%s: %s is %q: only %s is understood", at.owner, at.what, n.Value, strings.ReplaceAll(only, "|", ", "))
	}
	if low, high, ok := bounds(tag.Get("range")); ok && (v.Int() < low || v.Int() > high) {
		l.refuse(n.Line, "%s: %s is %s: it must be from %d to %d", at.owner, at.what, n.Value, low, high)
	}
}

func kindName(kind reflect.Kind) string {
	switch kind {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	default:
		return "a text"
	}
}

// bounds reads a range tag; ok is false where a field has none.
func bounds(tag string) (low, high int64, ok bool) {
	first, last, found := strings.Cut(tag, "..")
	if !found {
		return 0, 0, false
	}
	low, lowErr := strconv.ParseInt(first, 10, 64)
	high, highErr := strconv.ParseInt(last, 10, 64)
	return low, high, lowErr == nil && highErr == nil
}
