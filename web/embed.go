// Package web is the chat page: static files, served as they are, from a bucket on AWS and by the local run.
//
//	index.html             the page
//	protocol.schema.json   the frames that client and server exchange
package web

import "embed"

// FS has the files of this folder at its root.
//
//go:embed *.html *.json
var FS embed.FS
