// Phrases in two languages: a page gives its rows {key: [Chinese, English]} and speaks one at a time.

/** Make the functions that a page speaks with; it begins in Chinese. */
export function speaker(rows) {
  let lang = 'zh';
  return {
    setLanguage: (value) => { lang = value === 'en' ? 'en' : 'zh'; },
    language: () => lang,
    /** The phrase in the page's language, with {name} filled in; an unknown key is shown as it is. */
    t: (key, values = {}) => {
      const row = rows[key];
      const text = row ? row[lang === 'zh' ? 0 : 1] : String(key);
      return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
    },
    /** The side of {zh, en} that is spoken now. */
    said: (words) => (words ? words[lang] || words.zh || words.en || '' : ''),
  };
}
