package ticketing

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"sapa/channels"
	"sapa/program/access"
	"sapa/ticketing/team"
)

// TagID names a tag.
type TagID string

// Bounds of tags, ours: a vocabulary that nobody can survey marks nothing, and so
// does a case that carries all of it.
const (
	mostTags       = 200
	mostTagsOnCase = 10
	mostTagName    = 40
)

// Tag is a word of the vocabulary with which people mark cases. Tone is one of
// TagTones.
type Tag struct {
	bun.BaseModel `bun:"table:tags,alias:g" json:"-"`

	ID      TagID  `bun:"id,pk,type:uuid" json:"-"`
	Name    string `bun:"name" json:"name"`
	Tone    string `bun:"tone" json:"tone"`
	Status  string `bun:"status" json:"status"`
	Version int64  `bun:"version" json:"-"`
	// MergedInto is the tag that took this one's cases; "" for none.
	MergedInto TagID `bun:"merged_into,type:uuid,nullzero" json:"merged_into,omitempty"`
}

// TagTones lists the colours of a tag: those of the console's chips.
func TagTones() []string { return []string{"plain", "brand", "amber", "red", "green", "blue"} }

func (t *Tag) check() error {
	t.Name = strings.Join(strings.Fields(channels.CleanText(t.Name)), " ")
	switch {
	case t.Name == "":
		return &Invalid{Field: "name", Rule: "required"}
	case len([]rune(t.Name)) > mostTagName:
		return &Invalid{Field: "name", Rule: "too_long"}
	case !slices.Contains(TagTones(), t.Tone):
		return &Invalid{Field: "tone", Rule: "unknown"}
	case t.Status != team.StatusActive && t.Status != team.StatusClosed:
		return &Invalid{Field: "status", Rule: "unknown"}
	}
	return nil
}

func tagSetting(id TagID) setting {
	return setting{"tag", string(id), func(ctx context.Context, db bun.IDB) (any, error) { return tagByID(ctx, db, id) }}
}

// CreateTag adds a word to the vocabulary. Errors: ErrForbidden, Invalid.
func (d *Desk) CreateTag(ctx context.Context, actor access.Actor, tag Tag) error {
	tag.ID, tag.Status, tag.Version, tag.MergedInto = TagID(team.NewID()), team.StatusActive, 1, ""
	if err := tag.check(); err != nil {
		return err
	}
	return d.changeSetting(ctx, actor, tagSetting(tag.ID), "create", func(ctx context.Context, w *work) error {
		return createTag(ctx, w, tag)
	})
}

// SaveTag renames, colours, closes or reopens a tag as it stood at tag.Version. One
// that was merged stays closed: its cases have gone. Errors: ErrForbidden,
// ErrNotFound, ErrStale, Invalid.
func (d *Desk) SaveTag(ctx context.Context, actor access.Actor, tag Tag) error {
	if err := tag.check(); err != nil {
		return err
	}
	return d.changeSetting(ctx, actor, tagSetting(tag.ID), "change", func(ctx context.Context, w *work) error {
		before, err := tagByID(ctx, w, tag.ID)
		if err != nil {
			return err
		}
		if before.MergedInto != "" && tag.Status != team.StatusClosed {
			return &Invalid{Field: "status", Rule: "merged"}
		}
		return saveTag(ctx, w, tag)
	})
}

// MergeTag gives all cases of a tag, as it stood at version, to another and closes
// it. Errors: as SaveTag.
func (d *Desk) MergeTag(ctx context.Context, actor access.Actor, id TagID, version int64, into TagID) error {
	if id == into {
		return &Invalid{Field: "into", Rule: "same"}
	}
	return d.changeSetting(ctx, actor, tagSetting(id), "merge", func(ctx context.Context, w *work) error {
		target, err := lockTag(ctx, w, into)
		if err != nil {
			return err
		}
		if target.Status != team.StatusActive {
			return &Invalid{Field: "into", Rule: "unknown"}
		}
		return mergeTag(ctx, w, id, version, into)
	})
}
