package issuer

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// poolTarget is what stands before an operation of Cognito's in X-Amz-Target.
const poolTarget = "AWSCognitoIdentityProviderService."

const (
	maxPoolBytes    = 64 << 10
	mostPoolMembers = 60 // of a group, at once (Amazon Cognito API reference, ListUsersInGroup)
)

// poolRequest is what the operations are asked with.
type poolRequest struct {
	UserPoolID string `json:"UserPoolId"`
	Username   string
	GroupName  string
	Limit      int
	NextToken  string
}

// poolError is an error of Cognito's, by its name there.
type poolError struct{ name, text string }

// ServePool answers what is asked of the user pool, in Cognito's JSON 1.1: AdminGetUser,
// AdminListGroupsForUser, ListUsersInGroup, AdminAddUserToGroup, AdminRemoveUserFromGroup and
// AdminUserGlobalSignOut, which here ends browsers' sessions too: Cognito leaves them for an hour.
// A person's subject is their user name. Who may ask is for others to say.
func (i *Issuer) ServePool(w http.ResponseWriter, r *http.Request) {
	operation, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), poolTarget)
	var asked poolRequest
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPoolBytes))
	if err == nil {
		err = json.Unmarshal(body, &asked)
	}
	if err != nil {
		answerPool(w, nil, &poolError{"SerializationException", "The request cannot be read."})
		return
	}
	answered, wrong := i.askPool(operation, asked)
	answerPool(w, answered, wrong)
}

func (i *Issuer) askPool(operation string, asked poolRequest) (any, *poolError) {
	if asked.UserPoolID != i.poolID || i.poolID == "" {
		return nil, &poolError{"ResourceNotFoundException", "User pool " + asked.UserPoolID + " does not exist."}
	}
	if operation == "ListUsersInGroup" {
		return i.listMembers(asked)
	}
	p, known := i.register.person(asked.Username)
	switch {
	case !known:
		return nil, &poolError{"UserNotFoundException", "User does not exist."}
	case operation == "AdminGetUser":
		return userOf(p, "UserAttributes"), nil
	case operation == "AdminListGroupsForUser":
		list := []any{}
		for _, group := range p.Groups {
			list = append(list, map[string]any{"GroupName": group, "UserPoolId": i.poolID})
		}
		return map[string]any{"Groups": list}, nil
	case operation == "AdminAddUserToGroup" || operation == "AdminRemoveUserFromGroup":
		return i.changeGroup(asked, operation == "AdminAddUserToGroup")
	case operation == "AdminUserGlobalSignOut":
		i.signOutEverywhere(p.Sub)
		return map[string]any{}, nil
	}
	return nil, &poolError{"UnknownOperationException", "There is no " + operation + " here."}
}

func (i *Issuer) changeGroup(asked poolRequest, in bool) (any, *poolError) {
	if !slices.Contains(poolGroups, asked.GroupName) {
		return nil, &poolError{"ResourceNotFoundException", "Group not found."}
	}
	if _, err := i.register.set(asked.Username, asked.GroupName, in); err != nil {
		i.log.Error("change group", "error", err.Error())
		return nil, &poolError{"InternalErrorException", "The group could not be kept."}
	}
	return map[string]any{}, nil
}

// listMembers gives a page; its token is the last subject of the page before.
func (i *Issuer) listMembers(asked poolRequest) (any, *poolError) {
	if !slices.Contains(poolGroups, asked.GroupName) {
		return nil, &poolError{"ResourceNotFoundException", "Group not found."}
	}
	limit := asked.Limit
	if limit <= 0 || limit > mostPoolMembers {
		limit = mostPoolMembers
	}
	users, last := []any{}, ""
	for _, p := range i.register.members(asked.GroupName) {
		if p.Sub <= asked.NextToken {
			continue
		}
		if len(users) == limit {
			return map[string]any{"Users": users, "NextToken": last}, nil
		}
		users, last = append(users, userOf(p, "Attributes")), p.Sub
	}
	return map[string]any{"Users": users}, nil
}

func userOf(p person, attributes string) map[string]any {
	return map[string]any{
		"Username": p.Sub, "Enabled": true, "UserStatus": "CONFIRMED",
		attributes: []any{map[string]string{"Name": "sub", "Value": p.Sub}, map[string]string{"Name": "name", "Value": p.Name}},
	}
}

// answerPool writes an answer, or an error, as AWS's JSON 1.1 does.
func answerPool(w http.ResponseWriter, answered any, wrong *poolError) {
	h := w.Header()
	h.Set("Content-Type", "application/x-amz-json-1.1")
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusBadRequest
		if wrong.name == "InternalErrorException" {
			status = http.StatusInternalServerError
		}
		h.Set("X-Amzn-ErrorType", wrong.name)
		answered = map[string]string{"__type": wrong.name, "message": wrong.text}
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answered) // fails when the caller has gone, and then nobody is left to tell
}
