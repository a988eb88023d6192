// Command fanout is the fanout function; what it does is said at handler.Fanout.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Fanout()) }
