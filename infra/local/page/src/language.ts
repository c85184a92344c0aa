// HubSpot knows each user's language; here it is chosen in the corner.

const KEPT = 'language';

export function chosenLanguage(): string {
  const kept = localStorage.getItem(KEPT);
  return kept ?? (navigator.language.toLowerCase().startsWith('sv') ? 'sv' : 'en');
}

export function chooseLanguage(language: string): void {
  localStorage.setItem(KEPT, language);
  location.reload();
}
