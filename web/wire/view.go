package wire

import "sapa/ticketing"

// Filter narrows a list of conversations.
type Filter struct {
	Kinds     []string `json:"kinds" nullable:"false" maxItems:"20"`
	Queues    []string `json:"queues" nullable:"false" maxItems:"20"`
	Tags      []string `json:"tags" nullable:"false" maxItems:"20"`
	Languages []string `json:"languages" nullable:"false" maxItems:"20"`
	Holder    string   `json:"holder" maxLength:"36"`
}

// Filter is the desk's shape of it.
func (f Filter) Filter() ticketing.Filter {
	return ticketing.Filter{Kinds: f.Kinds, Queues: f.Queues, Tags: f.Tags, Languages: f.Languages, Holder: f.Holder}
}

// SavedView is a list of the inbox and what narrows it, under a name.
type SavedView struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	List      string `json:"list"`
	Filter    Filter `json:"filter"`
	Scope     string `json:"scope" enum:"own,team,all"`
	Team      *Named `json:"team,omitempty"`
	Owner     Named  `json:"owner"`
	Version   int64  `json:"version"`
	MayChange bool   `json:"may_change"`
}

// SavedViewOf shapes a view.
func SavedViewOf(v ticketing.SavedView) SavedView {
	f := v.Filter
	return SavedView{ID: string(v.ID), Name: v.Name, List: v.List, Scope: v.Scope, Team: named(string(v.Team), v.TeamName),
		Filter: Filter{Kinds: texts(f.Kinds), Queues: texts(f.Queues), Tags: texts(f.Tags), Languages: texts(f.Languages), Holder: f.Holder},
		Owner:  Named{ID: string(v.Owner), Name: v.OwnerName}, Version: v.Version, MayChange: v.MayChange}
}
