package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
)

// maxFile is the largest media file taken from either side, in bytes
// (WhatsApp: 16 MB for all but documents).
const maxFile = 16 << 20

// fetchMedia gets the files behind the MediaUrls of a send, as the carrier
// does before the message leaves.
func (c *Carrier) fetchMedia(ctx context.Context, sid string) error {
	m, _ := c.ledger.Find(sid)
	for _, address := range m.mediaURL {
		file, err := c.fetchFile(ctx, address)
		if err != nil {
			c.log.Info("media could not be fetched", "sid", sid, "error", reason(err))
			return err
		}
		c.ledger.Update(sid, func(m *Message) { m.Media = append(m.Media, file) })
	}
	return nil
}

func (c *Carrier) fetchFile(ctx context.Context, address string) (Media, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Media{}, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return Media{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Media{}, fmt.Errorf("media answered %d", response.StatusCode)
	}
	var data bytes.Buffer
	if _, err := data.ReadFrom(io.LimitReader(response.Body, maxFile+1)); err != nil {
		return Media{}, err
	}
	if data.Len() > maxFile {
		return Media{}, fmt.Errorf("media is larger than %d bytes", maxFile)
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		kind = "application/octet-stream"
	}
	return c.ledger.KeepMedia(fileName(response), kind, data.Bytes()), nil
}

// fileName is what the sender calls the file, else the end of its address.
func fileName(response *http.Response) string {
	_, fields, err := mime.ParseMediaType(response.Header.Get("Content-Disposition"))
	if err == nil && fields["filename"] != "" {
		return path.Base(fields["filename"])
	}
	return path.Base(response.Request.URL.Path)
}

// mediaErrorOf is the code of a send whose media could not be had.
func mediaErrorOf(channel string) int {
	if channel == whatsApp {
		return 63019
	}
	return 11200
}
