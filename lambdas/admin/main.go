// Command admin is the dashboard behind a function URL; what it does is said at handler.Admin.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Admin()) }
