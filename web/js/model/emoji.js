// Reactions that are at hand; any other emoji can be given too.
export const atHand = [
  { emoji: '👍', name: 'thumbs up' },
  { emoji: '❤️', name: 'heart' },
  { emoji: '😂', name: 'laughing' },
  { emoji: '🎉', name: 'celebration' },
  { emoji: '👀', name: 'eyes' },
  { emoji: '✅', name: 'done' },
];

export const nameOf = (emoji) => atHand.find((known) => known.emoji === emoji)?.name ?? emoji;

const sign = String.raw`(?!\p{Regional_Indicator})(?:\p{Extended_Pictographic}|\p{Emoji_Presentation})\uFE0F?\p{Emoji_Modifier}?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?`;
const one = new RegExp(String.raw`^(?:${sign}(?:\u200D${sign})*|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)$`, 'u');

// Whether a text is one emoji, as people take it for one.
export const isEmoji = (text) => one.test(text);
