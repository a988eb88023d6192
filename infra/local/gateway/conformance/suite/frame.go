package suite

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// The opcodes of RFC 6455, section 5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa
)

// maxFrame is more than API Gateway sends in a frame.
const maxFrame = 1 << 20

// frame is one as it was read. First is its first byte: the flags and the opcode.
type frame struct {
	first   byte
	payload []byte
}

func (f frame) opcode() byte { return f.first & 0x0f }

// maskedFrame is a client's frame. Its mask is fixed: no proxy is in danger here.
func maskedFrame(opcode byte, fin bool, payload []byte) []byte {
	if fin {
		opcode |= 0x80
	}
	return rawFrame(opcode, payload)
}

// rawFrame is a client's frame with any first byte.
func rawFrame(first byte, payload []byte) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b = append(b, mask[:]...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	return b
}

// readFrame reads a server's frame, which must not be masked.
func readFrame(r *bufio.Reader) (frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	if head[1]&0x80 != 0 {
		return frame{}, fmt.Errorf("frame %#x from the server is masked", head[0])
	}
	size := uint64(head[1])
	if size >= 126 {
		wide := make([]byte, 8)
		part := wide[6:]
		if size == 127 {
			part = wide
		}
		if _, err := io.ReadFull(r, part); err != nil {
			return frame{}, err
		}
		size = binary.BigEndian.Uint64(wide)
	}
	if size > maxFrame {
		return frame{}, fmt.Errorf("frame of %d bytes", size)
	}
	f := frame{first: head[0], payload: make([]byte, size)}
	_, err := io.ReadFull(r, f.payload)
	return f, err
}

func closePayload(code uint16, reason string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, code), reason...)
}
