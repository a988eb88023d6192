// Command authorizer is the authorizer function; what it does is said at handler.Authorizer.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Authorizer()) }
