package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
)

// Person is a demo citizen out of the file that the desk's demo writes.
type Person struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Note  string `json:"note"` // why one would be this person
}

// maxPeopleFile bounds the file, in bytes.
const maxPeopleFile = 1 << 20

// readPeople reads the file anew, so that a demo loaded later shows at the
// next page load. No file is no people.
func readPeople(path string) ([]Person, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all, good []Person
	if err := json.NewDecoder(io.LimitReader(file, maxPeopleFile)).Decode(&all); err != nil {
		return nil, fmt.Errorf("people file: %w", err)
	}
	for _, p := range all {
		if p.Phone = tidyNumber(p.Phone); isNumber(p.Phone) {
			good = append(good, p)
		}
	}
	return good, nil
}

// showPhones lists every phone: those of the people file in its order, and
// those that spoke, were written to or were made on the page.
func (c *Carrier) showPhones(w http.ResponseWriter, _ *http.Request) {
	people, err := readPeople(c.config.PeopleFile)
	views := c.ledger.Phones()
	place := map[string]int{}
	for i, v := range views {
		place[v.Phone] = i
	}
	for _, p := range people {
		i, ok := place[p.Phone]
		if !ok {
			i = len(views)
			place[p.Phone] = i
			views = append(views, PhoneView{Phone: p.Phone})
		}
		views[i].Note = p.Note
		if views[i].Name == "" {
			views[i].Name = p.Name
		}
	}
	answer := map[string]any{
		"phones":  views,
		"numbers": map[string]string{whatsApp: c.config.WhatsAppNumber, sms: c.config.SMSNumber},
		"target":  *c.target.Load(),
	}
	if err != nil {
		answer["people_error"] = err.Error()
	}
	writeJSON(w, http.StatusOK, answer)
}

// makePhone adds a citizen, or renames one.
func (c *Carrier) makePhone(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Phone string `json:"phone"`
		Name  string `json:"name"`
	}
	if !readBody(w, r, &body) {
		return
	}
	number, ok := readNumber(w, body.Phone)
	if !ok {
		return
	}
	c.ledger.ChangePhone(number, func(p *Phone) {
		p.made = true
		if name := strings.TrimSpace(body.Name); name != "" {
			p.Name = name
		}
	})
	writeJSON(w, http.StatusOK, PhoneView{Phone: number, Name: c.ledger.Phone(number).Name})
}
