// Command disconnect is the disconnect function; what it does is said at handler.Disconnect.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Disconnect()) }
