package views

import "github.com/a-h/templ"

// htmxConfig turns off what the content security policy would refuse anyway: evaluated
// attributes, scripts inside answers, a style of htmx's own, and requests to elsewhere.
const htmxConfig = `{"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,` +
	`"historyEnabled":false,"timeout":10000}`

func liveAttributes(l Live) templ.Attributes {
	if l.Address == "" || l.Poll {
		return templ.Attributes{}
	}
	return templ.Attributes{"hx-ext": "sse", "sse-connect": "/live"}
}

func trigger(l Live) string {
	if l.Poll {
		return "every 1s"
	}
	return "sse:tick"
}

func current(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"aria-current": "page"}
	}
	return templ.Attributes{}
}

func outOfBandAttributes(yes bool) templ.Attributes {
	if yes {
		return templ.Attributes{"hx-swap-oob": "true"}
	}
	return templ.Attributes{}
}

// sortedBy says by which column a list is sorted, for whoever hears the page.
func sortedBy(q Query, column, first string) templ.Attributes {
	sort := q.Get("sort")
	if sort != column && (sort != "" || column != first) {
		return templ.Attributes{}
	}
	if q.Get("dir") == "down" {
		return templ.Attributes{"aria-sort": "descending"}
	}
	return templ.Attributes{"aria-sort": "ascending"}
}
