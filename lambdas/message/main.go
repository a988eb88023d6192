// Command message is the message function; what it does is said at handler.Message.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Message()) }
