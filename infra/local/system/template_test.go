package system_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/template"
	"switchboard/internal/dynamo"
	"switchboard/internal/wire"
	"switchboard/lambdas/handler"
)

func TestRoutesAreTheTypesOfTheProtocol(t *testing.T) {
	var got []string
	for _, r := range loadTemplate(t).API.Routes {
		got = append(got, r.Key)
	}
	want := append(wire.Types(), "$connect", "$disconnect", "$default")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes of the template differ from wire.Types (-types +routes):\n%s", diff)
	}
}

func TestFunctionsAreTheHandlers(t *testing.T) {
	needs := map[string][]string{}
	for _, f := range handler.All() {
		needs[f.Name] = slices.Sorted(slices.Values(slices.Concat(f.Needs, f.Takes)))
	}
	environments := map[string][]string{}
	for _, f := range loadTemplate(t).Functions {
		environments[f.Name] = slices.Sorted(maps.Keys(f.Environment))
	}
	if diff := cmp.Diff(needs, environments); diff != "" {
		t.Errorf("settings of the functions differ (-handler.All +template):\n%s", diff)
	}
}

func TestEveryHandlerHasItsMain(t *testing.T) {
	entries, err := os.ReadDir("../../../lambdas")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "handler" && e.Name() != "boot" {
			got = append(got, e.Name())
		}
	}
	for _, f := range handler.All() {
		want = append(want, f.Name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("folders of lambdas differ (-handler.All +folders):\n%s", diff)
	}
}

func TestTablesAreTheStores(t *testing.T) {
	tables := map[string]template.Table{}
	for _, table := range loadTemplate(t).Tables {
		tables[table.LogicalID] = table
	}
	names := dynamo.Tables{Connections: "ConnectionsTable", Users: "UsersTable", Rooms: "RoomsTable", Messages: "MessagesTable", Moderation: "ModerationTable"}
	if got, want := len(tables), len(names.Schema()); got != want {
		t.Errorf("the template has %d tables, the store %d", got, want)
	}
	for _, want := range names.Schema() {
		got, ok := tables[want.Name]
		if !ok {
			t.Errorf("the template has no %s", want.Name)
			continue
		}
		if diff := cmp.Diff(expected(want, got), got); diff != "" {
			t.Errorf("%s differs (-dynamo +template):\n%s", want.Name, diff)
		}
	}
}

// expected is the table as the store declares it, with what only the template decides.
func expected(want dynamo.Table, got template.Table) template.Table {
	table := template.Table{
		Name: got.Name, LogicalID: want.Name, ARN: got.ARN, Line: got.Line,
		TTLAttribute: dynamo.TTLAttribute,
		KeySchema:    template.KeySchema{Hash: template.Key{Name: dynamo.HashKey, Type: "S"}, Range: template.Key{Name: dynamo.RangeKey, Type: "S"}},
	}
	for _, i := range want.Indexes {
		index := template.Index{
			Name: i.Name, Projection: "KEYS_ONLY",
			KeySchema: template.KeySchema{Hash: template.Key(i.Hash), Range: template.Key(i.Range)},
		}
		if len(i.Projected) > 0 {
			index.Projection, index.Attributes = "INCLUDE", i.Projected
		}
		table.Indexes = append(table.Indexes, index)
	}
	return table
}
