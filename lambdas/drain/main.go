// Command drain is the drain function; what it does is said at handler.Drain.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Drain()) }
