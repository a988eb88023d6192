package push

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/encoding/httpbinding"
)

const (
	// service is what requests to @connections are signed for.
	service = "execute-api"
	// algorithm is Signature Version 4's (IAM User Guide, "Create a signed AWS API request").
	algorithm = "AWS4-HMAC-SHA256"
	// mediaType is what the SDK's client calls every post.
	mediaType = "application/octet-stream"
)

// draft is what all posts of a frame have in common: their requests differ in the
// connection and the signature only.
type draft struct {
	path        string // before the connection, as it is sent
	escapedPath string // and as it is signed
	key         []byte // what is signed with: the credentials', for a day and a Region
	scope       string
	between     string // from the path to the payload's hash, as it is signed
	head        string // from the path to the signature, as it is sent
	tail        []byte // from the signature to the end
	stamp       string
}

func newDraft(endpoint *url.URL, region string, c aws.Credentials, body []byte, at time.Time) draft {
	at = at.UTC()
	day, stamp := at.Format("20060102"), at.Format("20060102T150405Z")
	sum := sha256.Sum256(body)
	length := strconv.Itoa(len(body))
	signed, names := "content-length:"+length+"\ncontent-type:"+mediaType+"\nhost:"+hostOf(endpoint)+"\nx-amz-date:"+stamp+"\n",
		"content-length;content-type;host;x-amz-date"
	sent := "\r\nContent-Type: " + mediaType + "\r\nX-Amz-Date: " + stamp
	if c.SessionToken != "" {
		signed += "x-amz-security-token:" + c.SessionToken + "\n"
		names += ";x-amz-security-token"
		sent += "\r\nX-Amz-Security-Token: " + c.SessionToken
	}
	path := endpoint.EscapedPath() + "/@connections/"
	scope := day + "/" + region + "/" + service + "/aws4_request"
	return draft{
		path: path, escapedPath: httpbinding.EscapePath(path, false),
		key: signingKey(c.SecretAccessKey, day, region), scope: scope, stamp: stamp,
		between: "\n\n" + signed + "\n" + names + "\n" + hex.EncodeToString(sum[:]),
		head: " HTTP/1.1\r\nHost: " + hostOf(endpoint) + "\r\nUser-Agent: switchboard\r\nContent-Length: " + length + "\r\nAuthorization: " +
			algorithm + " Credential=" + c.AccessKeyID + "/" + scope + ", SignedHeaders=" + names + ", Signature=",
		tail: append([]byte(sent+"\r\n\r\n"), body...),
	}
}

// hostOf leaves out a port that goes without saying, as signers and clients do.
func hostOf(u *url.URL) string {
	if port := u.Port(); port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		return u.Hostname()
	}
	return u.Host
}

func signingKey(secret, day, region string) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{day, region, service, "aws4_request"} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return key
}

// writer writes the requests of a draft one by one. It is used by one goroutine.
type writer struct {
	draft
	mac     hash.Hash
	request []byte // used again for the next
	signing []byte
}

func (d draft) writer() *writer { return &writer{draft: d, mac: hmac.New(sha256.New, d.key)} }

// write gives the whole request for a connection, until the next call.
func (p *writer) write(id string) []byte {
	escaped := httpbinding.EscapePath(id, true)

	b := p.signing[:0]
	b = append(b, "POST\n"...)
	b = append(b, p.escapedPath...)
	b = append(b, httpbinding.EscapePath(escaped, false)...)
	b = append(b, p.between...)
	canonical := sha256.Sum256(b)
	b = append(b[:0], algorithm+"\n"...)
	b = append(append(b, p.stamp...), '\n')
	b = append(append(b, p.scope...), '\n')
	b = hex.AppendEncode(b, canonical[:])
	p.mac.Reset()
	p.mac.Write(b)
	var signature [sha256.Size]byte
	p.mac.Sum(signature[:0])
	p.signing = b

	b = p.request[:0]
	b = append(b, "POST "...)
	b = append(b, p.path...)
	b = append(b, escaped...)
	b = append(b, p.head...)
	b = hex.AppendEncode(b, signature[:])
	b = append(b, p.tail...)
	p.request = b
	return b
}
