package fault

import "time"

// The faults that there are.
const (
	DisconnectDrop   = "disconnect-drop"
	DisconnectLate   = "disconnect-late"
	MessageDelay     = "message-delay"
	MessageReorder   = "message-reorder"
	PushDelay        = "push-delay"
	PushReorder      = "push-reorder"
	Push410          = "push-410"
	PushCut          = "push-cut"
	Push429          = "push-429"
	ReaderSlow       = "reader-slow"
	ReaderStuck      = "reader-stuck"
	DynamoDBThrottle = "dynamodb-throttle"
	DynamoDBConflict = "dynamodb-conflict"
	DynamoDBLose     = "dynamodb-lose"
	QueueTwice       = "queue-twice"
	FunctionCrash    = "function-crash"
	FunctionTimeout  = "function-timeout"
	FunctionCold     = "function-cold"
)

// Kind is what a fault does and takes.
type Kind struct {
	Name string
	Says string // a sentence for people
	// For and Count are the bounds of its duration and count; nil, it takes none.
	For   *Range[time.Duration]
	Count *Range[int]
}

// Range is the bounds of a number, and what 0 stands for. Says is what the number is, for people.
type Range[N int | time.Duration] struct {
	Least, Most, Zero N
	Says              string
}

const (
	// maxHold keeps what waits within the 29 s of an integration.
	maxHold = 25 * time.Second
	// maxSlow is less than what the gateway takes for a client that does not read at all.
	maxSlow = 4 * time.Second
	// maxCold is how long Lambda lets an init phase be (Lambda developer guide, "Lambda execution environment lifecycle").
	maxCold  = 10 * time.Second
	maxBurst = 10_000
	maxCalls = 1_000
)

func hold(says string, zero time.Duration) *Range[time.Duration] {
	return &Range[time.Duration]{Least: time.Millisecond, Most: maxHold, Zero: zero, Says: says}
}

// Kinds lists every fault, those of a place together.
func Kinds() []Kind {
	row := &Range[int]{Least: 1, Most: maxBurst, Zero: 1, Says: "in a row"}
	within := &Range[time.Duration]{Most: time.Hour, Says: "within"}
	calls := &Range[int]{Most: maxCalls, Says: "after … calls"}
	return []Kind{
		{Name: DisconnectDrop, Says: "The end of a connection is not told to its function."},
		{Name: DisconnectLate, Says: "The end of a connection is told late.", For: hold("late by", 5*time.Second)},
		{Name: MessageDelay, Says: "A client’s message reaches its function late.", For: hold("late by", time.Second)},
		{Name: MessageReorder, Says: "A client’s message waits until its next one has been answered.", For: hold("at most", 2*time.Second)},
		{Name: PushDelay, Says: "A post reaches its connection late.", For: hold("late by", 500*time.Millisecond)},
		{Name: PushReorder, Says: "A post waits until another one to its connection has gone by.", For: hold("at most", time.Second)},
		{Name: Push410, Says: "A post is answered with 410, although its connection is open.", Count: row, For: within},
		{Name: PushCut, Says: "A post finds its connection cut: 410."},
		{Name: Push429, Says: "A post is refused with 429.", Count: row, For: within},
		{Name: ReaderSlow, Says: "A client pauses after every frame.", For: &Range[time.Duration]{
			Least: time.Millisecond, Most: maxSlow, Zero: 500 * time.Millisecond, Says: "pause",
		}},
		{Name: ReaderStuck, Says: "A client takes nothing any more: 429 when its queue is full, and cut after 5 s."},
		{Name: DynamoDBThrottle, Says: "A call of DynamoDB is throttled.", Count: row, For: within},
		{Name: DynamoDBConflict, Says: "A write meets a transaction: TransactionConflict.", Count: row, For: within},
		{Name: DynamoDBLose, Says: "A call of DynamoDB is done, and its answer lost."},
		{Name: QueueTwice, Says: "A batch of SQS comes twice.", For: &Range[time.Duration]{Most: maxHold, Says: "late by"}},
		{Name: FunctionCrash, Says: "A function ends in the middle of its work.", Count: calls},
		{Name: FunctionTimeout, Says: "A function hangs in the middle of its work, until its time is over.", Count: calls},
		{Name: FunctionCold, Says: "A call is a cold start.", For: &Range[time.Duration]{
			Least: time.Millisecond, Most: maxCold, Zero: time.Second, Says: "longer by",
		}},
	}
}
