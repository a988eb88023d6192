package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// units are what calls cost: requests, and request units as DynamoDB itself counts them.
type units struct {
	mu                    sync.Mutex
	requests, read, write float64
}

func (u *units) String() string { return fmt.Sprintf("%g %g %g", u.requests, u.read, u.write) }

func (u *units) install(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("units", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		ask(in.Parameters)
		out, metadata, err := next.HandleInitialize(ctx, in)
		u.mu.Lock()
		defer u.mu.Unlock()
		u.requests++
		if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
			u.write++ // an error tells no units; a refused write of up to 1 KB costs as much as a done one
		} else if err == nil {
			read, write := consumed(out.Result)
			u.read += total(read)
			u.write += total(write)
		}
		return out, metadata, err
	}), middleware.Before)
}

func ask(parameters any) {
	const all = types.ReturnConsumedCapacityTotal
	switch in := parameters.(type) {
	case *dynamodb.BatchGetItemInput:
		in.ReturnConsumedCapacity = all
	case *dynamodb.QueryInput:
		in.ReturnConsumedCapacity = all
	case *dynamodb.PutItemInput:
		in.ReturnConsumedCapacity = all
	case *dynamodb.UpdateItemInput:
		in.ReturnConsumedCapacity = all
	case *dynamodb.DeleteItemInput:
		in.ReturnConsumedCapacity = all
	case *dynamodb.TransactWriteItemsInput:
		in.ReturnConsumedCapacity = all
	default:
		panic(fmt.Sprintf("%T is no operation of the store's", in))
	}
}

func consumed(result any) (read, write []types.ConsumedCapacity) {
	one := func(c *types.ConsumedCapacity) []types.ConsumedCapacity { return []types.ConsumedCapacity{*c} }
	switch out := result.(type) {
	case *dynamodb.BatchGetItemOutput:
		return out.ConsumedCapacity, nil
	case *dynamodb.QueryOutput:
		return one(out.ConsumedCapacity), nil
	case *dynamodb.PutItemOutput:
		return nil, one(out.ConsumedCapacity)
	case *dynamodb.UpdateItemOutput:
		return nil, one(out.ConsumedCapacity)
	case *dynamodb.DeleteItemOutput:
		return nil, one(out.ConsumedCapacity)
	case *dynamodb.TransactWriteItemsOutput:
		return nil, out.ConsumedCapacity
	}
	return nil, nil
}

func total(parts []types.ConsumedCapacity) (sum float64) {
	for _, c := range parts {
		sum += aws.ToFloat64(c.CapacityUnits)
	}
	return sum
}

// documented reads the table of units in the package comment: its lines are a call, two
// spaces at least, and three numbers.
func documented(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "store.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	must(t, err)
	table := map[string]string{}
	line := regexp.MustCompile(`(?m)^\t(\S.*?) {2,}(\d+) +([\d.]+) +([\d.]+)$`)
	for _, m := range line.FindAllStringSubmatch(file.Doc.Text(), -1) {
		table[m[1]] = strings.Join(m[2:], " ")
	}
	return table
}

func TestPackageCommentTellsTheUnits(t *testing.T) {
	cfg, tables := dynamotest.Database(t)
	fill(t, dynamo.New(dynamo.NewClient(cfg), tables, func() time.Time { return start }), 100)
	u := &units{}
	cfg.APIOptions = append(cfg.APIOptions, u.install)
	s := dynamo.New(dynamo.NewClient(cfg), tables, func() time.Time { return start })
	table := documented(t)
	var called []string
	for _, step := range slices.Concat(priceList(s), priceListOfRooms(s), priceListOfDossiers(s), priceListOfPeople(s)) {
		*u = units{}
		if err := step.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if want := table[step.name]; want != u.String() {
			t.Errorf("%s costs %s, the package comment says %q", step.name, u, want)
		}
		called = append(called, step.name)
	}
	for name := range table {
		if !slices.Contains(called, name) {
			t.Errorf("%s stands in the package comment and is not measured", name)
		}
	}
}

type step struct {
	name string
	do   func(context.Context) error
}

// fill makes the room "full" with connections in it.
func fill(t testing.TB, s *dynamo.Store, connections int) {
	t.Helper()
	full := chat.Room{ID: "full", Visibility: chat.Private, CreatedAt: start}
	must(t, s.CreateRoom(t.Context(), full))
	for n := range connections {
		id := fmt.Sprintf("L0SM9cOFvHcCI%02d=", n)
		c := connection(chat.ConnectionID(id), chat.UserID("guest:01K0ABCDEFGHJKMNPQRST"+id))
		must(t, s.OpenConnection(t.Context(), c))
		must(t, s.Subscribe(t.Context(), chat.Subscription{Connection: c, Room: full, At: start}))
	}
}

// priceList does everything once, in an order in which each step finds what it needs.
func priceList(s *dynamo.Store) []step {
	a := chat.Room{ID: "a", Name: "A", Visibility: chat.Public, CreatedAt: start}
	b := chat.Room{ID: "b", Name: "B", Visibility: chat.Public, CreatedAt: start}
	talk := chat.Room{ID: "dm_1", Visibility: chat.Private, CreatedAt: start}
	c := connection("c1", "ada")
	in := func(room chat.RoomID) chat.Connection { c := c; c.CurrentRoom = room; return c }
	after := func(ms time.Duration) time.Time { return start.Add(ms * time.Millisecond) }
	m := message("a", 1, "m-1")
	m.Text = strings.Repeat("x", 700) // with its attributes' names a bit less than 1 KB
	return append([]step{
		{"CreateRoom, public", func(ctx context.Context) error { return s.CreateRoom(ctx, a) }},
		{"CreateRoom, private", func(ctx context.Context) error {
			return s.CreateRoom(ctx, chat.Room{ID: "r_1", Visibility: chat.Private, CreatedAt: start})
		}},
		{"StartPrivate", func(ctx context.Context) error {
			_, err := s.StartPrivate(ctx, talk, spending("ada", talk.ID, chat.Membership{}), "bob")
			return err
		}},
		{"OpenConnection", func(ctx context.Context) error { return s.OpenConnection(ctx, c) }},
		{"TakeName", func(ctx context.Context) error { return s.TakeName(ctx, "k") }},
		{"NameTaken", func(ctx context.Context) error {
			_, err := s.NameTaken(ctx, "k")
			return err
		}},
		{"RememberUser", func(ctx context.Context) error {
			return s.RememberUser(ctx, chat.User{ID: "ada", Name: "Ada", KnownSince: start}, "")
		}},
		{"Subscribe, first room", func(ctx context.Context) error {
			return s.Subscribe(ctx, chat.Subscription{Connection: c, Room: a, At: start, Move: true, Requested: after(0)})
		}},
		{"CreateRoom, public", func(ctx context.Context) error { return s.CreateRoom(ctx, b) }},
		{"Subscribe, one more room", func(ctx context.Context) error {
			return s.Subscribe(ctx, chat.Subscription{Connection: in("a"), Room: b, At: start})
		}},
		{"Unsubscribe, another room", func(ctx context.Context) error {
			_, err := s.Unsubscribe(ctx, "c1", "ada", chat.Held{Room: "b"})
			return err
		}},
		{"Subscribe, move", func(ctx context.Context) error {
			return s.Subscribe(ctx, chat.Subscription{
				Connection: in("a"), Room: b, At: start, Move: true, Requested: after(1), Leaving: &chat.Held{Room: "a"},
			})
		}},
		{"Spend, a member's", func(ctx context.Context) error { return spend(ctx, s, "ada", "b", chat.Membership{Role: chat.Member}) }},
		{"Spend, a stranger's first", func(ctx context.Context) error { return spend(ctx, s, "eve", "b", chat.Membership{}) }},
		{"Number", func(ctx context.Context) error { _, err := s.Number(ctx, "a", start); return err }},
		{"Keep, up to 1 KB", func(ctx context.Context) error { return s.Keep(ctx, m) }},
		{"CountRepeat", func(ctx context.Context) error { _, err := s.CountRepeat(ctx, m, 1); return err }},
		{"NumberEvent", func(ctx context.Context) error { _, err := s.NumberEvent(ctx, "a", start); return err }},
	}, slices.Concat(priceListOfChanges(s, m), []step{
		{"Void", func(ctx context.Context) error { _, err := s.Void(ctx, "a", 2, start, expiry); return err }},
	}, priceListOfWhatPasses(s), priceListOfErasing(s), priceListOfReads(s))...)
}

func priceListOfReads(s *dynamo.Store) []step {
	return []step{
		{"Read, what a message needs", func(ctx context.Context) error {
			_, err := s.Read(ctx, chat.Question{User: "ada", Room: "a", ClientID: "client-m-1"})
			return err
		}},
		{"Read, all there is to ask", func(ctx context.Context) error {
			_, err := s.Read(ctx, chat.Question{
				Connection: "c1", User: "ada", Target: "bob", Room: "a", Head: true, ClientID: "client-m-1",
			})
			return err
		}},
		{"Read, a connection and its user", func(ctx context.Context) error {
			_, err := s.Read(ctx, chat.Question{Connection: "c1", User: "ada"})
			return err
		}},
		{"Subscribers, one", func(ctx context.Context) error { _, _, err := s.Subscribers(ctx, "b", 0, "", 100); return err }},
		{"Subscribers, 100", func(ctx context.Context) error {
			_, _, err := s.Subscribers(ctx, "full", 0, "", 100)
			return err
		}},
		{"Roster, one", func(ctx context.Context) error { _, _, err := s.Roster(ctx, "b", 0, "", 100); return err }},
		{"Log, two entries", func(ctx context.Context) error { _, err := s.Log(ctx, "a", 1, 2, 50, true); return err }},
		{"RoomsHeld, one", func(ctx context.Context) error { _, err := s.RoomsHeld(ctx, "c1"); return err }},
		{"ConnectionsOf, one", func(ctx context.Context) error { _, err := s.ConnectionsOf(ctx, "ada"); return err }},
		{"Heads, two", func(ctx context.Context) error { _, err := s.Heads(ctx, []chat.RoomID{"a", "b"}); return err }},
		{"Directory, two rooms", func(ctx context.Context) error { _, _, err := s.Directory(ctx, "ada", "", 50); return err }},
		{"OldestConnections, one page", func(ctx context.Context) error { _, _, err := s.OldestConnections(ctx, 0, ""); return err }},
		{"NewestConnections, one page", func(ctx context.Context) error { _, err := s.NewestConnections(ctx, 0, 100); return err }},
		{"Impose, everywhere", func(ctx context.Context) error {
			m := chat.Measure{Act: chat.ActKick, User: "ada", Until: start.Add(time.Minute), Reason: "spam"}
			return s.Impose(ctx, m, chat.Audit{Scope: "everywhere", Number: 1, At: start, Hash: "h", Deed: &chat.Deed{By: "mia", Whom: "ada"}})
		}},
		{"Impose, by a room's moderator", func(ctx context.Context) error {
			m := chat.Measure{
				Act: chat.ActMute, User: "eve", Room: "b", Until: start.Add(time.Minute), Reason: "spam", Actor: "ada", ActorRole: chat.Member,
			}
			return s.Impose(ctx, m, chat.Audit{Scope: "room#b", Number: 1, At: start, Hash: "h", Deed: &chat.Deed{By: "ada", Whom: "eve"}})
		}},
		{"Measures, one", func(ctx context.Context) error { _, _, err := s.Measures(ctx, "b", "", 15); return err }},
		{"LastAudit", func(ctx context.Context) error { _, err := s.LastAudit(ctx, "everywhere"); return err }},
		{"AuditLog, one", func(ctx context.Context) error { _, err := s.AuditLog(ctx, "everywhere", 0, 1); return err }},
		{"MarkActive", func(ctx context.Context) error { return s.MarkActive(ctx, "a", start.Add(time.Minute), 1) }},
		{"Spread", func(ctx context.Context) error { return s.Spread(ctx, "a", 2) }},
		{"Touch", func(ctx context.Context) error { return s.Touch(ctx, "c1", start.Add(time.Minute)) }},
		{"MarkClosing", func(ctx context.Context) error { _, err := s.MarkClosing(ctx, "c1"); return err }},
		{"Unsubscribe, current room", func(ctx context.Context) error {
			_, err := s.Unsubscribe(ctx, "c1", "ada", chat.Held{Room: "b"})
			return err
		}},
		{"UnlistConnection", func(ctx context.Context) error { return s.UnlistConnection(ctx, "c1", "ada") }},
		{"RemoveConnection", func(ctx context.Context) error { return s.RemoveConnection(ctx, "c1") }},
	}
}

func priceListOfWhatPasses(s *dynamo.Store) []step {
	return []step{
		{"SetStatus", func(ctx context.Context) error {
			_, err := s.SetStatus(ctx, "ada", "c1", chat.Away, start, time.Second)
			return err
		}},
		{"KeepStatus", func(ctx context.Context) error { _, err := s.KeepStatus(ctx, "ada", chat.Away, 0); return err }},
		{"ConfirmStatus", func(ctx context.Context) error { _, err := s.ConfirmStatus(ctx, "ada", chat.Away); return err }},
		{"Users, two", func(ctx context.Context) error { _, err := s.Users(ctx, []chat.UserID{"ada", "bob"}); return err }},
		{"Members, one", func(ctx context.Context) error { _, _, err := s.Members(ctx, "b", "", 50); return err }},
		{"KeepMark", func(ctx context.Context) error {
			_, err := s.KeepMark(ctx, "ada", "b", chat.Mark{Seq: 1, Number: 1, At: start}, time.Second)
			return err
		}},
		{"MarkLeft", func(ctx context.Context) error { return s.MarkLeft(ctx, "ada", "b", start) }},
		{"NumberWithin", func(ctx context.Context) error {
			_, err := s.NumberWithin(ctx, "b", start, false, tenInTen, chat.Head{})
			return err
		}},
		{"SetSize", func(ctx context.Context) error { return s.SetSize(ctx, "b", 7, 6) }},
		{"SetActiveUsers", func(ctx context.Context) error { return s.SetActiveUsers(ctx, "b", 7) }},
		{"BeginDigest", func(ctx context.Context) error {
			_, _, err := s.BeginDigest(ctx, "b", start, time.Second)
			return err
		}},
	}
}

func priceListOfErasing(s *dynamo.Store) []step {
	return []step{
		{"KeepReport", func(ctx context.Context) error {
			return s.KeepReport(ctx, chat.Report{ID: "1", Room: "b", Message: "m-1", Author: "eve", By: "ada", Reason: "spam", At: start})
		}},
		{"Report", func(ctx context.Context) error { _, err := s.Report(ctx, "1"); return err }},
		{"Reports, one", func(ctx context.Context) error { _, _, err := s.Reports(ctx, "", 50); return err }},
		{"ResolveReport", func(ctx context.Context) error {
			return s.ResolveReport(ctx, "1", chat.Audit{Scope: "room#x", Number: 1, At: start, Hash: "h", Deed: &chat.Deed{By: "omar", Whom: "zoe"}})
		}},
		{"ForgetReport", func(ctx context.Context) error { return s.ForgetReport(ctx, "2") }},
		{"Kept, one", func(ctx context.Context) error { _, _, err := s.Kept(ctx, "ada", "", 1); return err }},
		{"Forget", func(ctx context.Context) error { return s.Forget(ctx, "zoe", chat.Kept{}) }},
		{"ForgetIn, a membership", func(ctx context.Context) error { _, err := s.ForgetIn(ctx, "eve", "b"); return err }},
		{"EraseFrom, an event", func(ctx context.Context) error {
			return s.EraseFrom(ctx, chat.Message{Room: "a", Seq: 2, SenderID: "zoe", Kind: chat.KindEdit}, "zoe", start)
		}},
		{"EraseOther", func(ctx context.Context) error { return s.EraseOther(ctx, "ada", "dm_1") }},
		{"EraseInvite", func(ctx context.Context) error { return s.EraseInvite(ctx, "zoe", "ada", "b") }},
		{"Disown", func(ctx context.Context) error { return s.Disown(ctx, "a", "zoe") }},
		{"EraseDeed", func(ctx context.Context) error { return s.EraseDeed(ctx, "everywhere", 1) }},
	}
}
