// Command sweep is the sweep function; what it does is said at handler.Sweep.
package main

import (
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

func main() { boot.Start(handler.Sweep()) }
