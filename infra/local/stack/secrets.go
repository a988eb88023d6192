package stack

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secretLength is what the template's GenerateSecretString asks for.
const secretLength = 64

// secrets stand in for Secrets Manager: made up once, by their logical ids, and kept in a file that only its owner can read.
type secrets struct {
	path   string
	values map[string]string
	fresh  bool // something is not in the file yet
}

func loadSecrets(data string) (*secrets, error) {
	s := &secrets{path: filepath.Join(data, "secrets.json"), values: map[string]string{}}
	text, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read secrets: %w", err)
	}
	if err := json.Unmarshal(text, &s.values); err != nil {
		return nil, fmt.Errorf("read secrets from %s: %w: remove the file, and guests begin anew", s.path, err)
	}
	return s, nil
}

func (s *secrets) get(logicalID string) string {
	if s.values[logicalID] == "" {
		s.values[logicalID] = (rand.Text() + rand.Text() + rand.Text())[:secretLength]
		s.fresh = true
	}
	return s.values[logicalID]
}

func (s *secrets) save() error {
	if !s.fresh {
		return nil
	}
	text, err := json.MarshalIndent(s.values, "", "  ")
	if err != nil {
		return fmt.Errorf("keep secrets: %w", err)
	}
	if err := os.WriteFile(s.path, text, 0o600); err != nil {
		return fmt.Errorf("keep secrets: %w", err)
	}
	return nil
}
