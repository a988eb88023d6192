package wire

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
)

// schema is as much of JSON Schema as web/protocol.schema.json uses.
type schema struct {
	Ref                  string             `json:"$ref"`
	Defs                 map[string]*schema `json:"$defs"`
	Type                 string             `json:"type"`
	Const                string             `json:"const"`
	Enum                 []chat.Code        `json:"enum"`
	Properties           map[string]*schema `json:"properties"`
	Required             []string           `json:"required"`
	Items                *schema            `json:"items"`
	AdditionalProperties *schema            `json:"additionalProperties"`
	OneOf                []*schema          `json:"oneOf"`
	AnyOf                []*schema          `json:"anyOf"`
	Minimum              *int64             `json:"minimum"`
	Maximum              *int64             `json:"maximum"`
	MinLength            int                `json:"minLength"`
	MaxLength            int                `json:"maxLength"`
	Examples             []map[string]any   `json:"examples"`
}

func readSchema(t testing.TB) *schema {
	t.Helper()
	b, err := os.ReadFile("../../web/protocol.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatalf("read protocol.schema.json: %v", err)
	}
	return &s
}

// follow gives what a schema stands for.
func (s *schema) follow(t *testing.T, part *schema) *schema {
	t.Helper()
	if part.Ref == "" {
		return part
	}
	def, ok := s.Defs[strings.TrimPrefix(part.Ref, "#/$defs/")]
	if !ok {
		t.Fatalf("the schema has no %s", part.Ref)
	}
	return def
}

func TestSchema_describes_the_frames_of_the_server(t *testing.T) {
	s := readSchema(t)
	events := []chat.Event{
		chat.Welcome{}, chat.Posted{}, chat.PrivatePosted{}, chat.Edited{}, chat.Deleted{}, chat.ReactionSet{},
		chat.Joined{}, chat.Left{}, chat.RoomJoined{}, chat.RoomLeft{},
		chat.RoomList{}, chat.RoomChanged{}, chat.MemberChanged{}, chat.Invited{}, chat.HistoryRead{}, chat.Found{}, chat.Resumed{}, chat.Pong{}, chat.Refused{}, chat.Closing{},
		chat.Typed{}, chat.Presence{}, chat.MembersListed{}, chat.ReadTo{}, chat.Moderated{}, chat.Exported{}, chat.Reported{},
		chat.MeasuresListed{}, chat.InvitationsListed{},
	}
	if got := len(s.Defs["serverFrame"].OneOf); got != len(events) {
		t.Errorf("the schema has %d frames of the server, want %d", got, len(events))
	}
	for i, e := range events {
		name, data := describe(e)
		if want := "#/$defs/server." + name; s.Defs["serverFrame"].OneOf[i].Ref != want {
			t.Errorf("frame %d of the server is %s, want %s", i, s.Defs["serverFrame"].OneOf[i].Ref, want)
		}
		def := s.Defs["server."+name]
		if def.Properties["type"].Const != name {
			t.Errorf("server.%s has the type %q", name, def.Properties["type"].Const)
		}
		s.compare(t, name, def.Properties["data"], reflect.TypeOf(data))
	}
	if got := s.Defs["refused"].Properties["code"].Enum; !cmp.Equal(got, chat.Codes()) {
		t.Errorf("the schema has the codes %v, want %v", got, chat.Codes())
	}
}

// compare holds a part of the schema equal to what Go encodes.
func (s *schema) compare(t *testing.T, path string, part *schema, typ reflect.Type) {
	t.Helper()
	part = s.follow(t, part)
	if len(part.AnyOf) > 0 {
		part = s.follow(t, part.AnyOf[0])
	}
	want := "object"
	switch typ.Kind() {
	case reflect.Pointer:
		s.compare(t, path, part, typ.Elem())
		return
	case reflect.Struct:
		s.compareStruct(t, path, part, typ)
	case reflect.Map:
		s.compare(t, path+"{}", part.AdditionalProperties, typ.Elem())
	case reflect.Slice:
		want = "array"
		s.compare(t, path+"[]", part.Items, typ.Elem())
	case reflect.String:
		want = "string"
	case reflect.Bool:
		want = "boolean"
	case reflect.Int, reflect.Int64:
		want = "integer"
	}
	if part.Type != want {
		t.Errorf("%s is %q in the schema, want %q", path, part.Type, want)
	}
}

func (s *schema) compareStruct(t *testing.T, path string, part *schema, typ reflect.Type) {
	t.Helper()
	var names, required []string
	for _, field := range reflect.VisibleFields(typ) {
		if field.Anonymous {
			continue
		}
		name, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
		if option == "" {
			required = append(required, name)
		}
		if property, ok := part.Properties[name]; ok {
			s.compare(t, path+"."+name, property, field.Type)
		}
	}
	slices.Sort(names)
	if got := slices.Sorted(maps.Keys(part.Properties)); !cmp.Equal(got, names) {
		t.Errorf("%s has the properties %v in the schema, want %v", path, got, names)
	}
	if !cmp.Equal(part.Required, required) {
		t.Errorf("%s requires %v in the schema, want %v", path, part.Required, required)
	}
}

func TestSchema_describes_the_frames_of_clients(t *testing.T) {
	s := readSchema(t)
	var names []string
	for _, frame := range s.Defs["clientFrame"].OneOf {
		def := s.follow(t, frame)
		name := def.Properties["type"].Const
		names = append(names, name)
		for property := range def.Properties {
			if !slices.ContainsFunc(def.Examples, func(e map[string]any) bool { return e[property] != nil }) {
				t.Errorf("no example of %s has %s: its limits are not tried", name, property)
			}
		}
		for _, example := range def.Examples {
			if _, ref, err := decodeMap(t, example); err != nil || ref != example["id"] {
				t.Errorf("Decode(the example %v) gives %q, %v", example, ref, err)
			}
			s.tryProperties(t, def, example)
		}
	}
	if !cmp.Equal(names, Types()) {
		t.Errorf("the schema has the frames %v, want %v", names, Types())
	}
}

// tryProperties checks that Decode reads what the schema names, wants what it
// requires, and keeps its limits.
func (s *schema) tryProperties(t *testing.T, def *schema, example map[string]any) {
	t.Helper()
	for name, property := range def.Properties {
		_, named := example[name]
		if name == "type" || !named {
			continue
		}
		property = s.follow(t, property)
		s.try(t, example, name, 0.5, false)
		if property.Maximum != nil {
			s.try(t, example, name, *property.Maximum, true)
			s.try(t, example, name, *property.Maximum+1, false)
			s.try(t, example, name, *property.Minimum, true)
			s.try(t, example, name, *property.Minimum-1, false)
		}
		if property.MaxLength > 0 {
			s.try(t, example, name, strings.Repeat("a", property.MaxLength), true)
			s.try(t, example, name, strings.Repeat("a", property.MaxLength+1), false)
		}
		if slices.Contains(def.Required, name) {
			s.try(t, example, name, nil, false)
		}
	}
}

func (s *schema) try(t *testing.T, example map[string]any, name string, value any, ok bool) {
	t.Helper()
	frame := maps.Clone(example)
	frame[name] = value
	if _, _, err := decodeMap(t, frame); (err == nil) != ok {
		t.Errorf("Decode(%v with %s = %.20v) gives %v, the schema says %v", example, name, value, err, ok)
	}
}

func decodeMap(t *testing.T, frame map[string]any) (chat.Command, string, error) {
	t.Helper()
	b, err := json.Marshal(frame)
	if err != nil {
		t.Fatal(err)
	}
	return Decode(string(b))
}
