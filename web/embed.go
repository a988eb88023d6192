// Package web is the chat page: static files, served as they are, from a bucket on AWS and by the local run.
//
//	index.html             the page
//	css/                   how it looks, on top of static/
//	js/                    ES modules, loaded as they are
//	protocol.schema.json   the frames that client and server exchange
package web

import "embed"

// FS has the files of this folder at its root, without its tools and tests.
//
//go:embed index.html protocol.schema.json css js
var FS embed.FS
