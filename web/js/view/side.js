// Where there is room for what opens: above or below.
export function sideOf(place) {
  const { bottom } = place.getBoundingClientRect();
  return bottom > innerHeight * 0.6 ? 'above' : 'below';
}
