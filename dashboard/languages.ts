// The languages that the dashboard speaks: those with a catalogue in locales/.

export const languages = [{ code: 'en', name: 'English' }] as const
