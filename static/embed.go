// Package static holds what the chat page and the dashboard share in the browser.
//
//	tokens.css   the design tokens: colours for light and dark, type
//	base.css     what plain HTML looks like with them
//	icon.svg     the icon in a browser's tab
package static

import "embed"

// FS has the files of this folder at its root.
//
//go:embed *.css *.svg
var FS embed.FS
