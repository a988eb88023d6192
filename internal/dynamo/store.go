// Package dynamo keeps what package chat asks to be kept, on DynamoDB. The keys are two
// texts, pk and sk:
//
//	connections  <connection>      @                       the connection; LiveIndex: all by age
//	             <connection>      room#<room>             a room it is in
//	users        <user>            @                       the person
//	             <user>            conn#<connection>       a connection of theirs
//	             <user>            room#<room>             their membership; MemberIndex: by room
//	             <user>            sent#<room>#<client id> the receipt of a message
//	             name#<key>            @                       that somebody who signed in bears the name
//	             found#<first letter>  <folded name>#<user>    that a person is found by the name
//	             <user>            deed#<scope>#<number>   an audit entry that names them
//	             <user>            invited#<room>#<user>   somebody whom they invited
//	             <user>            filed#<room>#<message>  that they reported a message
//	             <user>            report#<report>         a report of what they wrote
//	             <user>            react#<room>#<number>#<emoji> their reaction to a message, also when taken back
//	rooms        <room>            @                       the policy; OwnerIndex: by owner
//	             <room>            head                    the last number given
//	             <room>            dir                     the directory entry; DirectoryIndex: by activity
//	             <room>            child#<room>            that a room is beneath this one
//	             <room>            measure#<user>#<act>    the audit entry of a mute or ban that holds
//	             <room>            invite#<user>           who invited somebody
//	             <room>            digest                  when people were last told how many are in it
//	             <room>#<shard>    conn#<user>#<connection> a connection in the room
//	messages     <room>            <number, 12 digits>     a message as it is now, what became of one, or that
//	                                                       there will be none
//	moderation   reports           report#<report>         a report that waits
//	             <scope>           audit#<number>          what a moderator did
//
// Times are milliseconds, but expiresAt, which TTL reads, is seconds. An item past its
// expiresAt is taken for gone. No identifier holds '#'.
//
// What each call costs: requests, read units, write units. A transaction writes at twice
// the price, an index that changes is one more write, and what a read does not find costs
// what it would have cost (DynamoDB Developer Guide, "DynamoDB read and write operations").
//
//	Read, what a message needs       1   4    0
//	Read, a connection and its user  1   2    0
//	Read, all there is to ask        1   7    0
//	Spend, a member's                1   0    1
//	Spend, a stranger's first        1   0    1
//	Read, a message to change        1   6    0
//	Number                           1   0    1
//	NumberEvent                      1   0    1
//	Keep, up to 1 KB                 1   0    4
//	CountRepeat                      1   0    1
//	Alter, edit                      1   0    4
//	Alter, reaction                  1   0    6
//	Void                             1   0    1
//	Log, two entries                 1   1    0
//	LogBack, two entries             1   1    0
//	Messages, one                    1   1    0
//	ReactionsOf, one                 1   1    0
//	Subscribers, one                 1   1    0
//	Subscribers, 100                 1   3    0
//	Roster, one                      1   1    0
//	OpenConnection                   1   0    5
//	RememberUser                     1   0    1
//	RememberUser, a new name         1   0    4
//	RememberUser, another name       1   0    6
//	FindUsers, one                   1   1    0
//	ForgetName                       1   0    1
//	WriteGroups                      1   0    8
//	SettleNotBefore                  1   0    1
//	TakeName                         1   0    1
//	NameTaken                        1   1    0
//	Touch                            1   0    2
//	Subscribe, first room            1   0    12
//	Subscribe, one more room         1   0    11
//	Subscribe, move                  1   0    15
//	Unsubscribe, current room        2   0    6
//	Unsubscribe, another room        2   0    5
//	RoomsHeld, one                   1   1    0
//	ConnectionsOf, one               1   1    0
//	MarkClosing                      1   0    2
//	UnlistConnection                 1   0    1
//	RemoveConnection                 1   0    2
//	OldestConnections, one page      1   0.5  0
//	CreateRoom, public               1   0    7
//	CreateRoom, private              1   0    4
//	Change, a room is made           1   0    8
//	Change, a setting                1   0    4
//	Change, an invitation            1   0    10
//	Invited, one                     2   3    0
//	Change, it is accepted           1   0    9
//	Change, another owner            1   0    10
//	Change, private to public        1   0    5
//	Change, a member goes            1   0    5
//	Change, a public room            1   0    11
//	Change, a room beneath           1   0    15
//	Rooms, two                       1   2    0
//	RoomsBeneath, one                1   1    0
//	RoomsOwned, three                1   0.5  0
//	Standings, two                   1   2    0
//	OwnRooms, one                    2   3    0
//	StartPrivate                     1   0    10
//	MarkActive                       1   0    3
//	Spread                           1   0    1
//	SetStatus                        1   0    1
//	KeepStatus                       1   0    1
//	ConfirmStatus                    1   0    1
//	Users, two                       1   2    0
//	Members, one                     2   1    0
//	KeepMark                         1   0    1
//	MarkLeft                         1   0    1
//	NumberWithin                     1   0    1
//	SetSize                          1   0    1
//	SetActiveUsers                   1   0    1
//	BeginDigest                      1   0    1
//	Heads, two                       1   1    0
//	Directory, two rooms             9   8    0
//	NewestConnections, one page      1   0.5  0
//	LastAudit                        1   1    0
//	AddAudit                         1   0    6
//	AuditLog, one                    1   1    0
//	KeepReport                       1   0    6
//	Report                           1   1    0
//	Reports, one                     1   1    0
//	ResolveReport                    1   0    8
//	ForgetReport                     1   0    1
//	Kept, one                        1   1    0
//	Forget                           1   0    1
//	ForgetIn, a membership           7   3    4
//	EraseFrom, an event              1   0    1
//	EraseOther                       1   0    1
//	EraseInvite                      2   0    2
//	EraseDeed                        1   0    1
//	Disown                           1   0    1
//	Memberships, two                 1   1    0
//	Deeds, one                       3   3    0
//	Impose, everywhere               1   0    8
//	Impose, by a room's moderator    1   0    12
//	Measures, one                    2   4    0
package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// Tables are the names of the tables.
type Tables struct {
	Connections string
	Users       string
	Rooms       string
	Messages    string
	Moderation  string
}

// Store is chat.Store on DynamoDB. It is safe for concurrent use.
type Store struct {
	client *dynamodb.Client
	tables Tables
	now    func() time.Time
}

var _ chat.Store = (*Store)(nil)

// New makes a Store of a client that NewClient made: retrying is the client's part.
// now decides which items have expired.
func New(client *dynamodb.Client, tables Tables, now func() time.Time) *Store {
	return &Store{client: client, tables: tables, now: now}
}
