package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// passWords are short words that are easy to read out and to type, 256 of them:
// eight bits each.
const passWords = `
akar alas alir alun ampas ancol angin anjur antar apung arang arus asam asap atap awan ayam ayun badai bahan
bajak bakau balok bambu banjir bantal barat basah batik batu bayam bedak bekal belut benang bening beras besar betis biji
bilik binar bintang biru bisik bokor botol buah bubur bukit bulan bulu bumi bunga bunyi busur cabai cahaya candi cangkul
cantik cawan cendana cepat cermin cincin coklat curah dadu dahan dalam damar danau dapur darat dasar daun dayung delima
dengar depan deras desa dinding dingin duduk duku durian elang emas embun empuk enam encer endap fajar gabah gadung
galah gambir gandum ganjil garam garis gasing gayung gelas gelora gembur gempal genta gerbang gerimis gigih gincu gola
gulai gunung gurih hadap halus hangat harum hasil hebat helai hijau hilir hitam hujan hulu hutan ikat ikan iring jahe
jahit jajan jalak jambu jangkar jarak jari jati jauh jejak jelita jembatan jendela jernih jeruk joglo jujur julang kabut
kacang kaki kaldu kalung kampung kanan kapal kapas kapur karang kasur katak kawan kayu kebun kecap kedai kelapa kelok
kemiri kenari kendi kening kepiting kerang kerbau keris kertas ketan kilau kipas kolam kopi kuat kubis kuda kukus kumbang
kunci kuning kupu labu lada ladang laju lambat lampu langit lapang laras laut layar lebah lebat lembah lembut lemon lengkuas
lereng lestari lincah lobak lontar lorong luas lumbung lurus madu makmur malam mangga manis mantap mawar megah melati
mekar menara mentari merah merak merpati mimpi minyak mobil muara muda mudah mujur murni musim nada nanas nasi nelayan nira
nyala ombak padang padi pagar`

// phraseWords is how many words a password has. Four words and two digits are 38
// bits: enough against guessing over the network, which is slowed down.
const phraseWords = 4

// newPassword makes a phrase from the system's secure source, such as
// "lembah-kopi-fajar-rotan-41".
func newPassword() (string, error) {
	list := strings.Fields(passWords)
	if len(list) < 200 {
		return "", errors.New("passphrase: too few words")
	}
	parts := make([]string, 0, phraseWords+1)
	for range phraseWords {
		n, err := draw(len(list))
		if err != nil {
			return "", err
		}
		parts = append(parts, list[n])
	}
	n, err := draw(90)
	if err != nil {
		return "", err
	}
	return strings.Join(append(parts, fmt.Sprint(10+n)), "-"), nil
}

func draw(below int) (int, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(below)))
	if err != nil {
		return 0, fmt.Errorf("passphrase: %w", err)
	}
	return int(n.Int64()), nil
}
