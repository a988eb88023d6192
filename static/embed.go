// Package static holds what the chat page and the dashboard share in the browser.
//
//	tokens.css   the design tokens: colours for light and dark, type
//	base.css     what plain HTML and the controls of both pages look like with them
//	icon.svg     the icon in a browser's tab
//	mark.svg     the same sign beside the name, in the page's own colours
//	fonts/       Inter, with its licence
//	vendor/      libraries, with their versions and licences
//	admin-*      what only the dashboard has
package static

import "embed"

// FS has the files of this folder at its root.
//
//go:embed *.css *.js *.svg fonts vendor
var FS embed.FS
