package template_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchboard/infra/local/template"
)

// FuzzLoad reads anything as a template: it comes out whole, or every problem names its line.
func FuzzLoad(f *testing.F) {
	for _, path := range []string{small, infra} {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, seed := range []string{
		"", "a", "[]", "Resources:", "Resources: {}", "Resources: {A: {Type: AWS::SQS::Queue}}", "Resources: {A: !Ref A}", "Resources: {A: {<<: *b}}",
		"a: &a [*a]", "Parameters: {P: {Type: Number, Default: x}}\nResources: {A: {Type: !Sub '${P}${'}}", "{{{{{{{{", "--- a\n--- b",
		"Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join [a, [!Sub ['${x}', {x: !GetAtt A.Arn}]]]}}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "t.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := template.Load(path, template.Options{})
		if (loaded == nil) == (err == nil) {
			t.Fatalf("Load = %v, %v, want one of them", loaded, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), path+":") {
			t.Errorf("Load = %v, want the problem to begin with %s and its line", err, path)
		}
	})
}
