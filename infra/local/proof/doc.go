// Package proof breaks Switchboard on purpose and lets infra/local/checker judge what people saw of it. Its tests run the
// whole of it, with real sockets, databases and queues, and put faults between the functions and AWS:
//
//	storm         everybody is cut off again and again while people talk
//	joins         people join in the same moment as somebody posts
//	cuts          connections are cut before the answer comes, and the message is sent again
//	disconnects   no end of a connection is ever told; the sweep finds the dead and none of the living
//	invocations   functions run twice, late and out of order
//	changes       people edit, delete and react to each other's messages while some are away
//	kills         functions end at each of their steps
//	throttling    writes are refused, and answers are lost on the way
//	indexes       indexes and eventual reads answer with what was there before
//	clocks        the clocks of functions are up to five minutes wrong
//	kicks         a hundred connections of a person race the moderator who ends them
//	moves         a connection moves into two rooms at once
//	switches      everything that infra/local/fault can switch on, one after another
//	crash         the database dies under load
//
// Each prints its exact counts. All choices come from one seed, which is printed, and -seed N makes them again; how the machine
// interleaves what runs at once is its own.
// `make test` runs a short form, -long the whole: `go test ./infra/local/proof -v -timeout 1h -long -seed 7 -run /joins`.
package proof
