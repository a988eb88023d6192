package issuer

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// mostMadeUp is how many people with free names are known at once; those in a group stay.
const mostMadeUp = 1024

// register is who has an account, and who is in which group: the ready-made people, and those
// who signed in by a free name since the start. Groups that were changed are kept in a file.
type register struct {
	path string

	mu     sync.Mutex
	people map[string]person
	madeUp []string // in the order in which they came
	kept   map[string]keptPerson
}

// keptPerson is somebody whose groups were changed, as the file has them.
type keptPerson struct {
	Name   string   `json:"name"`
	Groups []string `json:"groups"`
}

func openRegister(folder string) (*register, error) {
	r := &register{path: filepath.Join(folder, "issuer-groups.json"), people: map[string]person{}, kept: map[string]keptPerson{}}
	for _, p := range slices.Concat(keepers, talkers) {
		r.people[p.Sub] = p
	}
	text, err := os.ReadFile(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &r.kept)
	}
	if err != nil {
		return nil, fmt.Errorf("read groups: %w: remove %s, and groups begin anew", err, r.path)
	}
	for sub, k := range r.kept {
		p, known := r.people[sub]
		if !known {
			p = person{Sub: sub, Name: k.Name}
		}
		p.Groups = k.Groups
		r.people[sub] = p
	}
	return r, nil
}

// person gives somebody as they are now.
func (r *register) person(sub string) (person, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, ok := r.people[sub]
	return p, ok
}

// add takes in somebody who signs in by a free name, and gives them as they are known.
func (r *register) add(p person) person {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.people[p.Sub]; ok {
		return known
	}
	if len(r.madeUp) >= mostMadeUp {
		if _, inGroups := r.kept[r.madeUp[0]]; !inGroups {
			delete(r.people, r.madeUp[0])
		}
		r.madeUp = r.madeUp[1:]
	}
	r.people[p.Sub] = p
	r.madeUp = append(r.madeUp, p.Sub)
	return p
}

// members lists who is in a group, by their subjects.
func (r *register) members(group string) []person {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []person
	for _, p := range r.people {
		if slices.Contains(p.Groups, group) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b person) int { return cmp.Compare(a.Sub, b.Sub) })
	return list
}

// set puts somebody into a group or takes them out, and keeps that; false: nobody is called so.
func (r *register) set(sub, group string, in bool) (known bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, known := r.people[sub]
	if !known || slices.Contains(p.Groups, group) == in {
		return known, nil
	}
	p.Groups = slices.DeleteFunc(slices.Clone(p.Groups), func(g string) bool { return g == group })
	if in {
		p.Groups = append(p.Groups, group)
		slices.Sort(p.Groups)
	}
	kept := maps.Clone(r.kept)
	kept[sub] = keptPerson{p.Name, p.Groups}
	text, err := json.MarshalIndent(kept, "", "  ")
	if err == nil {
		err = os.WriteFile(r.path, text, 0o600)
	}
	if err != nil {
		return true, fmt.Errorf("keep groups: %w", err)
	}
	r.kept, r.people[sub] = kept, p
	return true, nil
}
