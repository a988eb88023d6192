// Package rules holds the repository to its rules. It has only tests: they parse the
// files themselves and start no other program, so that no answer is an old one.
//
//	layout_test.go       the top level, as the owner fixed it
//	packages_test.go     the list of packages, and who imports whom
//	modules_test.go      which packages a module from outside may be used in
//	environment_test.go  who reads the environment
//	comment_test.go      one comment per package, one per exported name
//	size_test.go         lines of files and functions, bytes of files
//	state_test.go        no variable of a package changes
//	ending_test.go       who may end the program; no init
//	waiting_test.go      tests neither sleep nor skip
//	text_test.go         no notes to come back to, no folder outside
//	pin_test.go          versions are exact, and no registry is named
//	document_test.go     paths and targets that documents name exist
//	scan_test.go         no table is read as a whole
//	expression_test.go   what is said to DynamoDB is constant and ASCII
//
// Each rule is a table of what is allowed and a function that lists problems. A rule is
// run over small repositories that break it, then over this one: see prove_test.go.
package rules
