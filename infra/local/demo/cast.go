package main

import "slices"

// person is somebody invented.
type person struct {
	id          string // in the talk, and to the server unless they are a guest
	name        string
	agent       string
	rooms       []string // beside the one where everybody comes in
	connections int
	guest       bool
	wanders     bool // leaves now and then, and comes back
}

// entrance is the room where everybody comes in.
const entrance = "general"

// What their browsers call themselves.
const (
	chrome  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36"
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0"
	phone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.5 Mobile/15E148 Safari/604.1"
	safari  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.5 Safari/605.1.15"
)

// cast is everybody. None of them exists.
func cast() []person {
	return []person{
		{id: "ines", name: "Inês Carvalho", agent: chrome, rooms: []string{"launch_desk", "incidents", "design"}, connections: 2},
		{id: "jonas", name: "Jonas Keller", agent: firefox, rooms: []string{"launch_desk", "incidents"}, connections: 1},
		{id: "layla", name: "ليلى منصور", agent: safari, rooms: []string{"launch_desk", "design"}, connections: 1},
		{id: "kwame", name: "Kwame Mensah", agent: chrome, rooms: []string{"launch_desk", "incidents", "reading_club"}, connections: 1},
		{id: "priya", name: "Priya Raman", agent: safari, rooms: []string{"launch_desk", "design", "reading_club"}, connections: 1},
		{id: "tomas", name: "Tomáš Novák", agent: firefox, rooms: []string{"incidents", "reading_club"}, connections: 1},
		{id: "aiko", name: "Aiko Tanaka", agent: safari, rooms: []string{"design", "launch_desk"}, connections: 1},
		{id: "greta", name: "Greta Holm", agent: phone, rooms: []string{"reading_club", "incidents"}, connections: 1},
		{id: "mateo", name: "Mateo Silva", agent: chrome, rooms: []string{"launch_desk"}, connections: 1},
		{id: "zofia", name: "Zofia Kowalska", agent: chrome, rooms: []string{"design", "reading_club"}, connections: 1},
		{id: "yusuf", name: "Yusuf Demir", agent: phone, rooms: []string{"launch_desk"}, connections: 1, wanders: true},
		{id: "sam", name: "Sam O’Connor", agent: firefox, rooms: []string{"reading_club"}, connections: 1, wanders: true},
		{id: "rio", name: "Rio", agent: phone, connections: 1, guest: true},
		{id: "lou", name: "Lou", agent: chrome, connections: 1, guest: true, wanders: true},
		{id: "pascal", name: "Pascal", agent: phone, connections: 1, guest: true, wanders: true},
	}
}

// called finds somebody by their id in the talk.
func called(id string) (person, bool) {
	everybody := cast()
	n := slices.IndexFunc(everybody, func(p person) bool { return p.id == id })
	if n < 0 {
		return person{}, false
	}
	return everybody[n], true
}
