package seed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// sheet collects rows of one table as COPY reads them. Its columns are those of
// the bun model, so that what the desk reads and what is loaded cannot drift
// apart.
type sheet struct {
	table  string
	fields []*schema.Field
	buffer bytes.Buffer
	rows   int
}

func newSheet(db *bun.DB, model reflect.Type) *sheet {
	t := db.Table(model)
	return &sheet{table: t.Name, fields: t.Fields}
}

// add appends one row, a struct of the sheet's model.
func (s *sheet) add(row reflect.Value) error {
	for i, field := range s.fields {
		if i > 0 {
			s.buffer.WriteByte('\t')
		}
		if err := s.value(field, field.Value(row)); err != nil {
			return fmt.Errorf("%s.%s: %w", s.table, field.Name, err)
		}
	}
	s.buffer.WriteByte('\n')
	s.rows++
	return nil
}

// null is COPY's word for it.
const null = `\N`

func (s *sheet) value(field *schema.Field, v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			s.buffer.WriteString(null)
			return nil
		}
		v = v.Elem()
	} else if field.NullZero && v.IsZero() {
		s.buffer.WriteString(null)
		return nil
	}
	if field.UserSQLType == "jsonb" {
		return s.json(v.Interface())
	}
	switch value := v.Interface().(type) {
	case time.Time:
		s.buffer.Write(value.UTC().AppendFormat(s.buffer.AvailableBuffer(), "2006-01-02 15:04:05.999999Z"))
		return nil
	case []byte:
		if value == nil {
			s.buffer.WriteString(null)
			return nil
		}
		fmt.Fprintf(&s.buffer, `\\x%x`, value)
		return nil
	case []string:
		s.array(value)
		return nil
	}
	return s.plain(v)
}

func (s *sheet) plain(v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		s.text(v.String())
	case reflect.Bool:
		s.buffer.Write(strconv.AppendBool(s.buffer.AvailableBuffer(), v.Bool()))
	case reflect.Int, reflect.Int16, reflect.Int64:
		s.buffer.Write(strconv.AppendInt(s.buffer.AvailableBuffer(), v.Int(), 10))
	case reflect.Float64:
		s.buffer.Write(strconv.AppendFloat(s.buffer.AvailableBuffer(), v.Float(), 'g', -1, 64))
	default:
		return fmt.Errorf("no way to write a %s", v.Type())
	}
	return nil
}

func (s *sheet) json(value any) error {
	raw, isRaw := value.(json.RawMessage)
	if !isRaw {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			return err
		}
	}
	s.text(string(raw))
	return nil
}

// array writes an array of texts or ids.
func (s *sheet) array(list []string) {
	var out strings.Builder
	out.WriteByte('{')
	for i, one := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(one) + `"`)
	}
	out.WriteByte('}')
	s.text(out.String())
}

// text escapes what COPY would read as structure.
func (s *sheet) text(value string) {
	if !strings.ContainsAny(value, "\\\t\n\r") {
		s.buffer.WriteString(value)
		return
	}
	s.buffer.WriteString(strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(value))
}

// send copies the sheet into its table and empties it.
func (s *sheet) send(ctx context.Context, conn *pgx.Conn) error {
	if s.rows == 0 {
		return nil
	}
	columns := make([]string, len(s.fields))
	for i, field := range s.fields {
		columns[i] = string(field.SQLName)
	}
	query := fmt.Sprintf("COPY %s (%s) FROM STDIN", s.table, strings.Join(columns, ", "))
	if _, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(s.buffer.Bytes()), query); err != nil {
		return fmt.Errorf("copy into %s: %w", s.table, err)
	}
	s.buffer.Reset()
	s.rows = 0
	return nil
}

// parcel is what goes into one transaction: sheets in the order of their keys.
type parcel struct {
	db     *bun.DB
	sheets []*sheet
	places map[reflect.Type]int
	talks  int
}

func newParcel(db *bun.DB) *parcel { return &parcel{db: db, places: map[reflect.Type]int{}} }

// add appends a row to the sheet of its model; sheets are copied in the order in
// which their first rows came.
func (p *parcel) add(row any) error {
	v := reflect.ValueOf(row)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	} else { // fields of a value cannot be reached through a pointer path
		held := reflect.New(v.Type()).Elem()
		held.Set(v)
		v = held
	}
	place, known := p.places[v.Type()]
	if !known {
		place = len(p.sheets)
		p.places[v.Type()] = place
		p.sheets = append(p.sheets, newSheet(p.db, v.Type()))
	}
	return p.sheets[place].add(v)
}

// send copies everything in one transaction, which need not wait for the disk:
// a load that a crash cut short is begun anew.
func (p *parcel) send(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL synchronous_commit = off"); err != nil {
			return fmt.Errorf("begin copy: %w", err)
		}
		for _, s := range p.sheets {
			if err := s.send(ctx, tx.Conn()); err != nil {
				return err
			}
		}
		return nil
	})
}

// withConn lends the driver's own connection, which COPY needs.
func withConn(ctx context.Context, db *bun.DB, use func(*pgx.Conn) error) error {
	held, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect for copy: %w", err)
	}
	defer held.Close()
	return held.Raw(func(driver any) error { return use(driver.(*stdlib.Conn).Conn()) })
}
