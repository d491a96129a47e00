(() => {
  const choices = document.querySelectorAll('input[name="language"]');
  const key = "dokja-language";
  try {
    for (const choice of choices) {
      if (choice.value === localStorage.getItem(key)) {
        choice.checked = true;
        choice.dispatchEvent(new Event("change"));
      }
      choice.addEventListener("change", () => localStorage.setItem(key, choice.value));
    }
  } catch {
    // A browser that keeps nothing still shows both languages.
  }
})();
