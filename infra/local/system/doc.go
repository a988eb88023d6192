// Package system tests the whole of Switchboard as it runs on one machine: transcripts in
// testdata, in which people connect over real sockets, say things and see things.
//
// A transcript is a txtar script (github.com/rogpeppe/go-internal/testscript) made of these words.
// Who is a client's name, or a pattern such as member* for several; DATA is JSON that the frame's
// data must contain, where a string ~EXPRESSION is a regular expression and null means not there.
//
//	connect WHO [ROOM|?QUERY]      alice, or alice/2 for her second tab; -people N makes WHO1.., -tabs N WHO/1..
//	refused STATUS QUERY [BODY]    a handshake that is answered with an HTTP status
//	say WHO TEXT                   sends a frame; -times N with ${n} in it, -binary, -bytes N pads the message; -at-once N has so
//	                               many unanswered, and sends again what the service was too busy for
//	see WHO TYPE [DATA]            the next frame of that type; -any the first that fits; -ref REF; -within 3s; -save var=path
//	unseen WHO TYPE [DATA]         nothing like that has come and is left unread
//	agree WHO N                    all have the same N messages under the same numbers, each once and none left out; -again: copies
//	                               may come, which the promise allows, -gaps: numbers may be left out
//	answered WHO N                 the frames 1 to N were each answered under their ref, by chat or by unavailable
//	close WHO [CODE [REASON]]      closes; cut WHO lets the TCP connection go without a word
//	deafen WHO                     reads no more, until the next closed
//	closed WHO CODE[|CODE]         the server closed
//	rows TABLE KEY N               so many items stand under that partition key; -within 3s
//	slow ROOM DURATION             puts a room into slow mode
//	manage METHOD CONNECTION STATUS [TEXT]   a call of the @connections API; -within 3s tries again
//	flood CONNECTION               posts to a deaf client until the gateway keeps no more for it
//	ghost ID ?QUERY                a connection the gateway never opened; -age how long ago it connected
//	forget CONNECTION              runs $disconnect for a connection, whether or not it has ended
//	job JSON                       puts a job into the queue; -age how long ago it was asked for
//	drained                        the queue is empty and no job is being done
//	resign VAR TOKEN               signs a guest's token again as VAR; -left how long it lasts
//	token VAR PERSON               signs one of the issuer's people in and saves the token as VAR
//	drain                          what is called before the API goes away
//	appoint USER ROOM ROLE         gives somebody who is in a room a role there
//	sweep                          what the schedule runs
//	crash dynamodb                 kills the database, which the supervisor starts again
//	uncalled SERVICE OPERATION     no function has made this call
//
// [processes] before a line keeps it for runs with functions in processes of their own, [!processes] for all others.
//
// ${name} in quotes is a saved value, ${x*4000} is x four thousand times. Words wait for what
// must come, with a deadline, and never for time to pass.
//
// Transcripts in testdata/together share one system and keep to rooms and people of their own;
// each of those in testdata/alone breaks a system of its own.
package system
