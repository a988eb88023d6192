// Command connect is the connect function; what it does is said at handler.Connect.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Connect()) }
