package handler

import "strings"

// headers looks names up as HTTP does: in any case.
type headers struct {
	single map[string]string
	multi  map[string][]string
}

// all is every line of the header as one, which is what several lines mean.
func (h headers) all(name string) string { return strings.Join(h.lines(name), ",") }

// first is the header's first line, or "".
func (h headers) first(name string) string {
	if lines := h.lines(name); len(lines) > 0 {
		return lines[0]
	}
	return ""
}

func (h headers) lines(name string) []string {
	for k, v := range h.multi {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	for k, v := range h.single {
		if strings.EqualFold(k, name) {
			return []string{v}
		}
	}
	return nil
}
