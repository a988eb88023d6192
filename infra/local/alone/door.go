package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// systemRoots is where Debian and its kin keep the certificates that programs trust.
const systemRoots = "/etc/ssl/certs/ca-certificates.crt"

const (
	certificateLife = 30 * 24 * time.Hour // longer than a run
	tlsHandshake    = 0x16                // RFC 8446, section 5.1: the first byte of a client's hello
)

// authority vouches for 127.0.0.1: functions speak https to @connections, and trust the certificates in the file bundle.
type authority struct {
	config *tls.Config
	bundle string
}

// newAuthority makes a certificate for this run, and a bundle of it and the system's in the folder data.
func newAuthority(data string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "API on this machine"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	roots, err := os.ReadFile(systemRoots)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the system's certificates: %w", err)
	}
	bundle, err := filepath.Abs(filepath.Join(data, "certificates.pem"))
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	if err := os.WriteFile(bundle, append(own, roots...), 0o600); err != nil {
		return nil, fmt.Errorf("keep the certificates: %w", err)
	}
	return &authority{bundle: bundle, config: &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}},
	}}, nil
}

// either takes plain connections and such of TLS on one port.
func (a *authority) either(l net.Listener) net.Listener { return eitherListener{l, a.config} }

type eitherListener struct {
	net.Listener
	config *tls.Config
}

// Accept does not wait for the client's first byte, which tells.
func (l eitherListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &eitherConn{Conn: conn, config: l.config}, nil
}

// eitherConn finds out with the first read what it is. Servers of HTTP read first.
type eitherConn struct {
	net.Conn
	config *tls.Config
	once   sync.Once
	inner  net.Conn
	err    error
}

// Read tells plain from TLS by the first byte.
func (c *eitherConn) Read(p []byte) (int, error) {
	c.once.Do(c.find)
	if c.err != nil {
		return 0, c.err
	}
	return c.inner.Read(p)
}

// Write goes the way of what was read.
func (c *eitherConn) Write(p []byte) (int, error) {
	c.once.Do(c.find)
	if c.err != nil {
		return 0, c.err
	}
	return c.inner.Write(p)
}

func (c *eitherConn) find() {
	first := make([]byte, 1)
	if _, c.err = c.Conn.Read(first); c.err != nil {
		return
	}
	c.inner = &begun{Conn: c.Conn, first: bytes.NewReader(first)}
	if first[0] == tlsHandshake {
		c.inner = tls.Server(c.inner, c.config)
	}
}

// begun is a connection of which something has been read already.
type begun struct {
	net.Conn
	first *bytes.Reader
}

// Read gives what has been read before what is still to come.
func (b *begun) Read(p []byte) (int, error) {
	if b.first.Len() > 0 {
		return b.first.Read(p)
	}
	return b.Conn.Read(p)
}
