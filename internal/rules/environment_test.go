package rules_test

import (
	"slices"
	"testing"
)

// environmentCalls read or change what the process was given.
var environmentCalls = []string{"Clearenv", "Environ", "ExpandEnv", "Getenv", "LookupEnv", "Setenv", "Unsetenv"}

// environment lets internal/config read it, which names every setting of a function, and
// the commands of the local run, which are started from a shell and have no template.
func environment(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		command := s.syntax.Name.Name == "main" && within(s.dir, []string{"infra/local/..."})
		if s.dir == "internal/config" || command {
			continue
		}
		for _, r := range s.references {
			if (r.pkg == "os" || r.pkg == "syscall") && slices.Contains(environmentCalls, r.name) {
				list = append(list, tr.at(s, r.pos, r.pkg+"."+r.name+" outside internal/config",
					"take the value as a parameter; a setting belongs into internal/config"))
			}
		}
	}
	return list
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	lookup := "\nimport \"os\"\nfunc f() { _ = os.LookupEnv }"
	const remedy = "take the value as a parameter; a setting belongs into internal/config"
	prove(t, environment, []example{
		{name: "where it may be read", files: files{
			"internal/config/a.go":     "package config" + lookup,
			"infra/local/main.go":      "package main" + lookup,
			"infra/local/load/main.go": "package main" + lookup,
		}},
		{
			name: "where it may not",
			files: files{
				"infra/local/stack/a.go":    "package stack" + lookup,
				"internal/app/a_test.go":    "package app_test\nimport sys \"os\"\nvar home = sys.Getenv(\"HOME\")",
				"lambdas/connect/main.go":   "package main" + lookup,
				"internal/chat/a.go":        "package chat\nimport \"syscall\"\nvar home, _ = syscall.Getenv(\"HOME\")",
				"internal/chat/harmless.go": "package chat\nimport \"os\"\nvar out = os.Stdout",
			},
			want: []string{
				"infra/local/stack/a.go:3: os.LookupEnv outside internal/config: " + remedy,
				"internal/app/a_test.go:3: os.Getenv outside internal/config: " + remedy,
				"internal/chat/a.go:3: syscall.Getenv outside internal/config: " + remedy,
				"lambdas/connect/main.go:3: os.LookupEnv outside internal/config: " + remedy,
			},
		},
	})
}
