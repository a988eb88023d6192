// Package fault holds what goes wrong on purpose in a run here. Each fault has a share, from 0 to 1, of the times at which it strikes, and some have a
// duration and a count; whoever is at the place asks.
//
//	disconnect-drop     the end of a connection is not told to its function
//	disconnect-late     it is told so much later
//	message-delay       a client's message reaches its function so much later
//	message-reorder     a client's message waits until the client's next one has been answered, at most so long
//	push-delay          a post reaches the gateway so much later
//	push-reorder        a post waits until another one to its connection has gone by, at most so long
//	push-410            a post is answered with 410 although its connection is open; so many in a row, within so long
//	push-cut            a post finds its connection cut, and is answered with 410; faults of disconnect- say what its function hears
//	push-429            a post is refused with 429; so many in a row, within so long
//	reader-slow         of that share of connections, the client takes a frame, and then nothing for so long
//	reader-stuck        of that share of connections, the client takes nothing any more
//	dynamodb-throttle   a call is refused for throttling; so many in a row, within so long
//	dynamodb-conflict   a write meets a transaction: TransactionConflict; so many in a row, within so long
//	dynamodb-lose       a call is done, and its answer lost on the way
//	queue-twice         a batch of SQS is given to its function a second time, so much later
//	function-crash      an invocation ends after so many calls of AWS: the last one's answer does not reach it any more
//	function-timeout    an invocation hangs after so many calls of AWS, until its time is over
//	function-cold       an invocation is a cold start, which takes so much longer
//
// They are set by -fault (make run FAULTS=), by HTTP (Path) and by Faults.Set:
//
//	-fault "disconnect-drop=1,push-429=0.05:20:2s"    name=share:count:duration, without what a fault does not take
//	PUT {"push-429":{"share":0.05,"count":20,"forMs":2000},"push-410":0.1}
//
// Whoever imitates AWS asks: the gateway Events and Stall, the front Strike, Hold, Pass and Call, functions Init, sources Twice.
package fault
