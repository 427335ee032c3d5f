package nlu

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

//go:embed language.weights intent.weights
var weightFiles embed.FS

// The two data files beside this source. The language file was learnt, among
// others, from NusaX and is therefore under CC BY-SA 4.0; its first lines and
// NOTICE say so. The intent file was learnt from our own phrases only.
const (
	languageFile = "language.weights"
	intentFile   = "intent.weights"
)

// errWeights means that a data file is not one [encodeWeights] wrote.
var errWeights = errors.New("not a weights file")

// weightsHead precedes the figures of a data file.
type weightsHead struct {
	Classes     []string
	Bits        uint
	Scale       float32
	RarityStep  float32
	Temperature []float64
	Source      string // fingerprint of what it was learnt from
}

// encodeWeights writes a model: readable lines that end with an empty one,
// then, compressed, a head in JSON, one byte of rarity a feature and one byte
// a weight. The same model gives the same bytes.
func encodeWeights(to io.Writer, model *linear, note string) error {
	if _, err := io.WriteString(to, strings.TrimSpace(note)+"\n\n"); err != nil {
		return err
	}
	packed, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	step := model.rarityStep()
	head, err := json.Marshal(weightsHead{model.classes, model.bits, model.scale, step, model.temperature, model.source})
	if err != nil {
		return err
	}
	rarity := make([]uint8, len(model.rarity))
	for i, r := range model.rarity {
		rarity[i] = uint8(r/step + 0.5)
	}
	for _, part := range []any{uint32(len(head)), head, rarity, model.weights} {
		if err := binary.Write(packed, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return packed.Close()
}

// rarityStep is what one of the 255 steps of a stored rarity is worth.
func (l *linear) rarityStep() float32 {
	var top float32 = 1e-6
	for _, r := range l.rarity {
		top = max(top, r)
	}
	return top / 255
}

// decodeWeights reads what encodeWeights wrote.
func decodeWeights(raw []byte) (*linear, error) {
	_, body, found := bytes.Cut(raw, []byte("\n\n"))
	if !found {
		return nil, errWeights
	}
	packed, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWeights, err)
	}
	from := bufio.NewReader(packed)
	head, err := decodeHead(from)
	if err != nil {
		return nil, err
	}
	rarity := make([]uint8, 1<<head.Bits)
	weights := make([]int8, len(head.Classes)<<head.Bits)
	if _, err := io.ReadFull(from, rarity); err != nil {
		return nil, fmt.Errorf("%w: %w", errWeights, err)
	}
	if err := binary.Read(from, binary.LittleEndian, weights); err != nil {
		return nil, fmt.Errorf("%w: %w", errWeights, err)
	}
	model := &linear{classes: head.Classes, bits: head.Bits, scale: head.Scale, weights: weights,
		temperature: head.Temperature, source: head.Source, rarity: make([]float32, len(rarity))}
	for i, r := range rarity {
		model.rarity[i] = float32(r) * head.RarityStep
	}
	return model, nil
}

func decodeHead(from io.Reader) (weightsHead, error) {
	var head weightsHead
	var size uint32
	if err := binary.Read(from, binary.LittleEndian, &size); err != nil || size > 1<<16 {
		return head, errWeights
	}
	raw := make([]byte, size)
	if _, err := io.ReadFull(from, raw); err != nil {
		return head, fmt.Errorf("%w: %w", errWeights, err)
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return head, fmt.Errorf("%w: %w", errWeights, err)
	}
	if head.Bits > 20 || len(head.Classes) == 0 || len(head.Temperature) != lengthBuckets {
		return head, errWeights
	}
	return head, nil
}
